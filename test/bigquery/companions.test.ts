import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFolderStore } from '../../artifacts/folder-store.ts';
import { createMarketData } from '../../market-data/catalog.ts';
import { createDatasetStore } from '../../market-data/dataset-store.ts';
import { BacktestSpec, type BacktestSpecInput } from '../../shared/spec.ts';
import { openBackend, type Backend, type RowOfTable } from './backend.ts';
import { minuteRows, sourceOn } from './rows.ts';

const day = (number: number) => Date.UTC(2024, 0, number);
const bar = (symbol: string, number: number, close: number): RowOfTable => ({
  symbol,
  ts: day(number),
  prices: [close, close, close, close],
  volume: 10,
});
const COMPANIONS = {
  splits: { table: 'actions', columns: { symbol: 'ticker', date: 'ex', ratio: 'split' } },
  dividends: { table: 'actions', columns: { symbol: 'ticker', date: 'ex', amount: 'cash' } },
  universes: {
    large: { table: 'members', columns: { symbol: 'ticker', from: 'since', to: 'until' }, only: { column: 'list', value: 'L' } },
  },
};

let backend: Backend;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'companions-'));
  backend = await openBackend();
  await backend.table('days', [
    bar('AAA', 1, 100),
    bar('AAA', 2, 50),
    bar('AAA', 3, 49),
    ...[1, 2].map((number) => bar('GONE', number, 7)),
    bar('LATER', 3, 5),
  ]);
  // Files run at the same time, in a dataset that all of them have.
  await backend.table('split_minutes', minuteRows());
  await backend.companion('actions', {
    columns: { ticker: 'STRING', ex: 'DATE', split: 'FLOAT64', cash: 'FLOAT64' },
    rows: [
      ['AAA', '2024-01-02', 2, null],
      ['AAA', '2024-01-03', null, 1],
      ['AAA', '2024-03-09', 2, 0],
      ['BAD', '2024-01-02', -2, null],
    ],
  });
  await backend.companion('members', {
    columns: { ticker: 'STRING', since: 'DATE', until: 'DATE', list: 'STRING' },
    rows: [
      ['AAA', null, null, 'L'],
      ['GONE', '2020-01-01', '2024-01-03', 'L'],
      ['LATER', '2024-01-03', null, 'L'],
      ['OTHER', '2020-01-01', null, 'S'],
    ],
  });
});
afterAll(async () => {
  await backend?.close();
  await rm(folder, { recursive: true });
});

function marketData(changes: object = {}) {
  const artifacts = createFolderStore({ folder });
  const source = sourceOn(backend, { table: 'days', timeframe: '1d', ...COMPANIONS, ...changes });
  const data = createMarketData({ sources: [source], artifacts });
  const specOf = (more: Omit<BacktestSpecInput['data'], 'source'>): BacktestSpec =>
    BacktestSpec.parse({ data: { source: 'minutes', ...more }, strategy: { name: 'any' } });
  const barsOf = async (more: Parameters<typeof specOf>[0]) => {
    const ref = await data.fetch(await data.withMembers(specOf(more)), new AbortController().signal);
    return (await createDatasetStore(artifacts).read(ref)).instruments;
  };
  return { data, source, specOf, barsOf };
}

describe('splits and dividends in a table', () => {
  // A share of 100 becomes two of 50 on the 2nd, which pay 1 on the 3rd: 49 / (49 + 1) = 0.98. Another split, in March, is known too.
  it.each([
    ['none', [100, 50, 49], [10, 10, 10]],
    ['splits', [25, 25, 24.5], [40, 20, 20]],
    ['total-return', [24.5, 24.5, 24.5], [10, 10, 10]],
  ] as const)('make prices "%s"', async (adjust, closes, volumes) => {
    const [aaa] = await marketData().barsOf({ symbols: ['AAA'], adjust });
    for (const [i, close] of closes.entries()) expect(aaa!.close[i]).toBeCloseTo(close, 12);
    expect([...aaa!.volume]).toEqual(volumes);
  });

  it('reach the account where the prices do not contain them', async () => {
    const [aaa] = await marketData().barsOf({ symbols: ['AAA'], adjust: 'none', to: '2024-01-31' });
    expect(aaa!.actions).toEqual({
      splits: { ts: Float64Array.of(day(2)), ratio: Float64Array.of(2) },
      dividends: { ts: Float64Array.of(day(3)), amount: Float64Array.of(1) },
    });
  });

  it.each(['1m', '5m', '1d'])('take effect when the day begins where the shares are traded: bars of %s', async (timeframe) => {
    const plain = { table: 'split_minutes', timeframe: '1m', timeZone: 'America/New_York' };
    const request = { symbols: ['AAA'], timeframe };
    const [adjusted] = await marketData(plain).barsOf({ ...request, adjust: 'splits' });
    const [traded] = await marketData(plain).barsOf({ ...request, adjust: 'none' });
    const midnight = timeframe === '1d' ? Date.UTC(2024, 2, 9) : Date.UTC(2024, 2, 9, 5);
    expect(adjusted!.ts.some((ts) => ts < midnight)).toBe(true);
    expect([...adjusted!.close]).toEqual([...traded!.close].map((close, i) => (adjusted!.ts[i]! < midnight ? close / 2 : close)));
  });

  it('are refused with the rows that cannot be', async () => {
    await expect(marketData().source.actions!(['BAD'], new AbortController().signal)).rejects.toMatchObject({
      code: 'bad_data',
      message: expect.stringContaining('a split of BAD on 2024-01-02 of -2'),
    });
  });
});

describe('a universe in a table', () => {
  it('has members that are not traded any more, and those that came later, each while it was one', async () => {
    const { data, barsOf } = marketData();
    expect((await data.sources())[0]!.universes).toEqual(['large']);
    const bars = await barsOf({ universe: 'large', from: '2024-01-01', to: '2024-01-03' });
    expect(bars.map(({ symbol, extra }) => [symbol, [...extra!['member']!]])).toEqual([
      ['AAA', [1, 1, 1]],
      ['GONE', [1, 1]],
      ['LATER', [1]],
    ]);
    expect(bars[1]!.membership!.to).toEqual(Float64Array.of(day(3)));
  });

  it('has only those as symbols who were members in the range', async () => {
    const { data, specOf } = marketData();
    const { symbols } = (await data.withMembers(specOf({ universe: 'large', from: '2024-01-03' }))).data;
    expect(symbols).toEqual(['AAA', 'LATER']);
  });
});
