import { describe, expect, it } from 'vitest';
import { DataSpec } from '../../shared/spec.ts';
import { barsQuery, symbolsQuery } from './bars-query.ts';
import { BigQuerySource } from './config.ts';

const columns = { ts: 'at', open: 'o', high: 'h', low: 'l', close: 'c', volume: 'v', symbol: 'ticker' };
const sourceOf = (changes: object = {}) =>
  BigQuerySource.parse({
    kind: 'bigquery',
    name: 'bars',
    project: 'acme-data',
    dataset: 'market',
    table: 'bars',
    columns,
    timeframe: '1m',
    ...changes,
  });
const requestOf = (changes: object = {}) =>
  DataSpec.parse({
    source: 'bars',
    symbols: ['AAA'],
    timeframe: '1m',
    from: '2024-01-02T00:00:00Z',
    to: '2024-01-03T00:00:00Z',
    ...changes,
  });
const valuesOf = (source: BigQuerySource, request = requestOf()) =>
  Object.fromEntries(barsQuery(source, request, null).parameters.map(({ name, type, value }) => [name, [type, value]]));

it('reads the columns of the configuration and no other', () => {
  const { text } = barsQuery(sourceOf({ columns: { ...columns, extra: { signal: 'sig' } } }), requestOf(), null);
  expect(new Set([...text.matchAll(/t\.`(\w+)`/g)].map((match) => match[1]))).toEqual(
    new Set(['ticker', 'at', 'o', 'h', 'l', 'c', 'v', 'sig']),
  );
  expect(text).toContain('FROM `acme-data.market.bars` AS t JOIN');
});

it('sends symbols and times as values, never as text', () => {
  const { text } = barsQuery(sourceOf(), requestOf(), null);
  expect(text).not.toContain('AAA');
  expect(text).not.toContain('2024');
  expect(valuesOf(sourceOf())).toEqual({
    symbols: ['STRING', ['AAA']],
    from_at: ['TIMESTAMP', '2024-01-02T00:00:00.000Z'],
    to_at: ['TIMESTAMP', '2024-01-03T00:00:00.000Z'],
    range_from: ['INT64', String(Date.UTC(2024, 0, 2))],
    range_to: ['INT64', String(Date.UTC(2024, 0, 3))],
  });
});

describe('bounds on the raw column', () => {
  it.each([
    ['epoch_s', 'INT64', '1704153600'],
    ['epoch_ms', 'INT64', '1704153600000'],
    ['epoch_us', 'INT64', '1704153600000000'],
    ['epoch_ns', 'INT64', '1704153600000000000'],
    // Local time: a day earlier than the range in UTC.
    ['DATETIME', 'DATETIME', '2024-01-01 00:00:00.000'],
    ['DATE', 'DATE', '2024-01-01'],
  ])('are of its type: %s', (ts, type, value) => {
    expect(valuesOf(sourceOf({ types: { ts } }))['from_at']).toEqual([type, value]);
  });

  it('are there for partitions too, wider by a day, and without a range', () => {
    const source = sourceOf({ partitionColumn: 'day' });
    expect(valuesOf(source)).toMatchObject({ from_day: ['DATE', '2024-01-01'], to_day: ['DATE', '2024-01-04'] });
    expect(barsQuery(source, requestOf(), null).text).toContain('t.`day` >= @from_day AND t.`day` < @to_day');
    expect(valuesOf(source, requestOf({ from: undefined, to: undefined }))).toMatchObject({ from_day: ['DATE', '1900-01-01'] });
  });
});

it('reads the table as it was at a time', () => {
  expect(barsQuery(sourceOf(), requestOf(), 1_700_000_000_000).text).toContain(
    'AS t FOR SYSTEM_TIME AS OF TIMESTAMP_MILLIS(1700000000000) JOIN',
  );
});

it('scales prices, and not volumes', () => {
  const { text } = barsQuery(sourceOf({ priceScale: 0.01, types: { prices: 'INT64' } }), requestOf(), null);
  expect(text).toContain('CAST(t.`o` AS FLOAT64) * 0.01 AS open');
  expect(text).toContain('CAST(t.`v` AS FLOAT64) AS volume');
});

it('needs no column for the only symbol of a table', () => {
  const { symbol: _, ...none } = columns;
  const source = sourceOf({ columns: none, symbol: 'BTCUSD' });
  expect(barsQuery(source, requestOf(), null).text).toContain('SELECT 0 AS place');
  expect(symbolsQuery(source).parameters[0]).toEqual({ name: 'symbol', type: 'STRING', value: 'BTCUSD' });
});
