import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { configuredSources } from '../sources-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'sources-'));
afterAll(() => rmSync(folder, { recursive: true }));

const columns = { ts: 'ts', open: 'open', high: 'high', low: 'low', close: 'close', volume: 'volume', symbol: 'ticker' };
const sound = { kind: 'bigquery', name: 'bars', project: 'acme-data', dataset: 'market', table: 'bars', columns, timeframe: '1m' };

function read(content: unknown) {
  const file = join(folder, 'sources.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return configuredSources(file, { home: folder, cacheMb: 1 });
}

it('makes a source of each entry, in its order, and none without a file', () => {
  const names = read({ sources: [sound, { ...sound, name: 'other', timeZone: 'America/New_York' }] }).map(({ name }) => name);
  expect(names).toEqual(['bars', 'other']);
  expect(configuredSources(undefined, { home: folder, cacheMb: 1 })).toEqual([]);
});

it('names every fault at once, keys that nothing reads among them', () => {
  const faulty = {
    ...sound,
    table: 'bars` --',
    timeframe: 'minute',
    timeZone: 'Mars/Olympus',
    partition: 'day',
    columns: { ...columns, close: 'a;b' },
  };
  const text = () => read({ sources: [faulty] });
  for (const part of ['table', 'timeframe', 'timeZone', '"partition"', 'columns.close']) expect(text).toThrow(part);
});

it.each(['a`b', 'a.b', "a'b", 'a b', '', 'a\\b'])('lets no name into a query that could end its quotes: %s', (name) => {
  expect(() => read({ sources: [{ ...sound, columns: { ...columns, open: name } }] })).toThrow('columns.open');
  expect(() => read({ sources: [{ ...sound, dataset: name }] })).toThrow('dataset');
});

it('wants a symbol, in a column or by name, and a name of its own for each source', () => {
  const { symbol: _, ...none } = columns;
  expect(() => read({ sources: [{ ...sound, columns: none }] })).toThrow('columns.symbol');
  expect(read({ sources: [{ ...sound, columns: none, symbol: 'BTCUSD' }] })).toHaveLength(1);
  expect(() => read({ sources: [sound, sound] })).toThrow('"bars" is taken');
  expect(() => read({ sources: [{ ...sound, name: 'sample' }] })).toThrow('"sample" is taken');
});

it('says which file is not JSON', () => {
  expect(() => read('{')).toThrow('sources.json could not be read as JSON');
});

it('gives another version to what gives other bars, and not to prices and caps', () => {
  const versionOf = (changes: object) => read({ sources: [{ ...sound, ...changes }] })[0]!.version;
  const version = versionOf({});
  for (const same of [{ pricePerTiB: 5 }, { caps: { perRunBytes: 1 } }, { title: 'Bars' }]) expect(versionOf(same)).toBe(version);
  for (const other of [{ priceScale: 0.01 }, { table: 'other' }, { timeZone: 'Asia/Tokyo' }]) expect(versionOf(other)).not.toBe(version);
});
