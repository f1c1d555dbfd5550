import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createFolderStore } from '../../artifacts/folder-store.ts';
import { BacktestSpec, type BacktestSpecInput } from '../../shared/spec.ts';
import { createMarketData } from '../../market-data/catalog.ts';
import { createDatasetStore } from '../../market-data/dataset-store.ts';
import { configuredSources } from '../../market-data/sources-file.ts';

const { signal } = new AbortController();
const day = (number: number) => Date.UTC(2024, 0, number);
const BARS = [
  'AAA,2024-01-01,100',
  'AAA,2024-01-02,50',
  'AAA,2024-01-03,49',
  'GONE,2024-01-01,7',
  'GONE,2024-01-02,7',
  'LATER,2024-01-03,5',
];

let folder: string;
const write = (name: string, lines: readonly string[]) => writeFileSync(path.join(folder, name), lines.join('\n'));
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'file-companions-'));
  write('bars.csv', ['symbol,ts,open,high,low,close,volume', ...BARS.map((line) => `${line}${`,${line.split(',')[2]}`.repeat(3)},10`)]);
  write('actions.csv', ['ticker,ex,split,cash', 'AAA,2024-01-02,2,', 'AAA,20240103,0,1', 'BAD,2024-01-02,-2,', 'ODD,2024-01-02,two,']);
  write('members.csv', ['symbol,from,to,list', 'AAA,,,L', 'GONE,2020-01-01,2024-01-03,L', 'LATER,2024-01-03,,L', 'OTHER,2020-01-01,,S']);
});
afterAll(() => rmSync(folder, { recursive: true }));

function marketData(changes: object = {}) {
  const at = (name: string) => ({ path: path.join(folder, name), format: 'csv' });
  const source = {
    kind: 'files',
    name: 'vault',
    ...at('bars.csv'),
    timeframe: '1d',
    columns: { symbol: 'symbol' },
    splits: { ...at('actions.csv'), columns: { symbol: 'ticker', date: 'ex', ratio: 'split' } },
    dividends: { ...at('actions.csv'), columns: { symbol: 'ticker', date: 'ex', amount: 'cash' } },
    universes: { large: { ...at('members.csv'), only: { column: 'list', value: 'L' } } },
    ...changes,
  };
  write('sources.json', [JSON.stringify({ sources: [source] })]);
  const artifacts = createFolderStore({ folder });
  const [vault] = configuredSources(path.join(folder, 'sources.json'), { home: folder, cacheMb: 1 });
  const data = createMarketData({ sources: [vault!], artifacts });
  const barsOf = async (more: Omit<BacktestSpecInput['data'], 'source'>) => {
    const spec = await data.withMembers(BacktestSpec.parse({ data: { source: 'vault', ...more }, strategy: { name: 'any' } }));
    expect((await data.check(spec)).faults).toEqual([]);
    return (await createDatasetStore(artifacts).read(await data.fetch(spec, signal))).instruments;
  };
  return { vault: vault!, data, barsOf };
}

describe('splits and dividends in files', () => {
  // A share of 100 becomes two of 50 on the 2nd, which pay 1 on the 3rd.
  it('make prices of the shares of the end', async () => {
    const [aaa] = await marketData().barsOf({ symbols: ['AAA'], adjust: 'splits' });
    expect([aaa!.close, aaa!.volume]).toEqual([Float64Array.of(50, 50, 49), Float64Array.of(20, 10, 10)]);
  });

  it('reach the account where the prices are as they were traded', async () => {
    const [aaa] = await marketData().barsOf({ symbols: ['AAA'], adjust: 'none' });
    expect(aaa!.close).toEqual(Float64Array.of(100, 50, 49));
    expect(aaa!.actions).toEqual({
      splits: { ts: Float64Array.of(day(2)), ratio: Float64Array.of(2) },
      dividends: { ts: Float64Array.of(day(3)), amount: Float64Array.of(1) },
    });
  });

  it('are read anew when their file has changed', async () => {
    const { vault } = marketData();
    const before = await vault.revision!();
    write('actions.csv', ['ticker,ex,split,cash', 'AAA,2024-01-02,4,', 'BAD,2024-01-02,-2,', 'ODD,2024-01-02,two,']);
    expect(await vault.revision!()).not.toBe(before);
    expect((await vault.actions!(['AAA'], signal)).get('AAA')!.splits.ratio).toEqual(Float64Array.of(4));
  });

  it.each([
    ['BAD', {}, 'bad_data', 'a split of BAD on 2024-01-02 of -2'],
    ['ODD', {}, 'source_refused', 'two'],
    ['AAA', { columns: { symbol: 'ticker', date: 'day', ratio: 'split' } }, 'source_refused', 'no column day; it has ticker, ex'],
  ])('are refused where they cannot be: %s %j', async (symbol, changes, code, message) => {
    const splits = {
      path: path.join(folder, 'actions.csv'),
      format: 'csv',
      columns: { symbol: 'ticker', date: 'ex', ratio: 'split' },
      ...changes,
    };
    await expect(marketData({ splits }).vault.actions!([symbol], signal)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    });
  });
});

it('has members of a universe that are not traded any more, each while it was one', async () => {
  const { data, barsOf } = marketData();
  expect((await data.sources())[0]!.universes).toEqual(['large']);
  const bars = await barsOf({ universe: 'large', from: '2024-01-01' });
  expect(bars.map(({ symbol, extra }) => [symbol, [...extra!['member']!]])).toEqual([
    ['AAA', [1, 1, 1]],
    ['GONE', [1, 1]],
    ['LATER', [1]],
  ]);
  write('members.csv', ['symbol,from,to,list', 'AAA,first of May,,L']);
  await expect(barsOf({ universe: 'large' })).rejects.toMatchObject({
    code: 'source_refused',
    message: expect.stringContaining('first of May'),
  });
});
