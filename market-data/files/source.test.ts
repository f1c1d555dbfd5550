import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { BacktestSpec } from '../../shared/spec.ts';
import { configuredSources } from '../sources-file.ts';
import { collectBlocks } from '../time-chunks.ts';

// Every test starts processes that read, which takes long where other tests want the processor, too.
vi.setConfig({ testTimeout: 30_000 });

let folder: string;
let copy: (query: string, to: string, options?: string) => Promise<void>;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'files-source-'));
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  copy = async (query, to, options = 'format parquet') => {
    mkdirSync(path.dirname(path.join(folder, to)), { recursive: true });
    await connection.run(`COPY (${query}) TO '${path.join(folder, to)}' (${options})`);
  };
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A source as the file of sources describes it. */
function source(name: string, config: object) {
  const file = path.join(folder, `${name}.json`);
  writeFileSync(file, JSON.stringify({ sources: [{ kind: 'files', name, path: path.join(folder, name), ...config }] }));
  return configuredSources(file, { home: folder, cacheMb: 1 })[0]!;
}

const request = (symbols: string[], data: object = {}) =>
  BacktestSpec.parse({ data: { source: 'files', symbols, ...data }, strategy: { name: 'any' } }).data;
const fetched = async (from: ReturnType<typeof source>, symbols: string[], data: object = {}) =>
  (await collectBlocks(from.fetch(request(symbols, data), new AbortController().signal))).map(({ symbol, ts, close }) => [
    symbol,
    [...ts].map((time) => new Date(time).toISOString().slice(0, 16)),
    [...close],
  ]);

/** `count` daily bars from 2024-01-01 on, whose close is the number of the day. */
const days = (count: number, more = '') =>
  `SELECT DATE '2024-01-01' + i::INTEGER AS ts, 1.0 AS open, 99.0 AS high, 0.5 AS low, i + 1.0 AS close, 10 AS volume ${more} FROM range(${count}) t(i)`;

describe('a source of files', () => {
  it('reads a folder by symbol, and lists symbols and coverage by the ends of the files', async () => {
    await copy(days(3), 'hive/symbol=AAPL/a.parquet');
    await copy(days(2), 'hive/symbol=BRK%2FB/a.parquet');
    const hive = source('hive', { timeframe: '1d', columns: { symbol: 'symbol' } });
    expect(await hive.symbols()).toEqual([
      { symbol: 'AAPL', from: '2024-01-01', to: '2024-01-03', bars: 3, timeframe: '1d' },
      { symbol: 'BRK/B', from: '2024-01-01', to: '2024-01-02', bars: 2, timeframe: '1d' },
    ]);
    expect(await fetched(hive, ['BRK/B', 'AAPL'], { from: '2024-01-02' })).toEqual([
      ['BRK/B', ['2024-01-02T00:00'], [2]],
      ['AAPL', ['2024-01-02T00:00', '2024-01-03T00:00'], [2, 3]],
    ]);
    expect(await hive.estimate(request(['AAPL']))).toBe(3);
  });

  it('takes the symbol from the name of a CSV file, and columns and times by the names, zone and scale that it was told', async () => {
    mkdirSync(path.join(folder, 'csv'));
    writeFileSync(
      path.join(folder, 'csv/SPY.csv'),
      'when,o,h,l,c,v,my signal\n2024-07-01 09:31:00,100,100,100,200,5,-1\n2024-07-01 09:30:00,100,100,100,100,5,0.5\n2024-01-02 09:30:00,100,100,100,300,5,\n',
    );
    const columns = { ts: 'when', open: 'o', high: 'h', low: 'l', close: 'c', volume: 'v', extra: { signal: 'my signal' } };
    const csv = source('csv', {
      format: 'csv',
      timeframe: '1m',
      symbolInFileName: true,
      timeZone: 'America/New_York',
      priceScale: 0.01,
      columns,
    });
    // New York is five hours behind in January and four in July.
    expect(await fetched(csv, ['SPY'], { timeframe: '1m' })).toEqual([
      ['SPY', ['2024-01-02T14:30', '2024-07-01T13:30', '2024-07-01T13:31'], [3, 1, 2]],
    ]);
    const [bars] = await collectBlocks(csv.fetch(request(['SPY'], { timeframe: '1m' }), new AbortController().signal));
    expect(bars!.extra!['signal']).toEqual(Float64Array.of(NaN, 0.5, -1));
    expect((await csv.symbols())[0]).toMatchObject({ symbol: 'SPY', bars: 3, columns: ['signal'] });
  });

  it('reads one file with many symbols, and folders by day', async () => {
    await copy(
      `${days(4, ", CASE WHEN i % 2 = 0 THEN 'A' ELSE 'B' END AS ticker, ts AS date")}`.replace(
        'ts AS date',
        "DATE '2024-01-01' + i::INTEGER AS date",
      ),
      'byday',
      'format parquet, partition_by (date)',
    );
    const byDay = source('byday', { timeframe: '1d', columns: { symbol: 'ticker' }, dayPartition: 'date' });
    expect((await byDay.symbols()).map(({ symbol, bars }) => [symbol, bars])).toEqual([
      ['A', 2],
      ['B', 2],
    ]);
    expect(await fetched(byDay, ['A', 'B'], { from: '2024-01-03' })).toEqual([
      ['A', ['2024-01-03T00:00'], [3]],
      ['B', ['2024-01-04T00:00'], [4]],
    ]);
  });

  it.each([
    ['in order', ''],
    ['shuffled', 'ORDER BY hash(i)'],
  ])('gives blocks in the order of time where the rows of a file are %s, whatever the order of the files', async (_, order) => {
    const minutes = (from: number, count: number) =>
      `SELECT make_timestamp((1704067200 + i * 60) * 1000000) AS ts, 1.0 AS open, 1.0 AS high, 1.0 AS low, 1.0 AS close, i::DOUBLE AS volume FROM range(${from}, ${from + count}) t(i)`;
    rmSync(path.join(folder, 'order'), { recursive: true, force: true });
    await copy(minutes(70_000, 70_000), 'order/a.parquet', 'format parquet, row_group_size 20000');
    await copy(`${minutes(0, 70_000)} ${order}`, 'order/b.parquet', 'format parquet, row_group_size 20000');
    const inOrder = source('order', { timeframe: '1m', symbol: 'X' });
    let next = 0;
    let blocks = 0;
    for await (const [bars] of inOrder.fetch(request(['X'], { timeframe: '1m' }), new AbortController().signal)) {
      blocks++;
      for (const volume of bars!.volume) if (volume === next) next++;
    }
    expect([next, blocks > 1]).toEqual([140_000, true]);
  });

  it('goes by another revision when a file has changed, and gives its new bars', async () => {
    await copy(days(1), 'changing/A.parquet');
    const changing = source('changing', { timeframe: '1d', symbolInFileName: true });
    const before = await changing.revision!();
    expect(await changing.revision!()).toBe(before);
    await copy(days(2), 'changing/A.parquet');
    expect(await changing.revision!()).not.toBe(before);
    expect((await changing.symbols())[0]!.bars).toBe(2);
  });

  it('names symbols that are near, ranges without bars, and columns that are not there', async () => {
    const hive = source('hive', { timeframe: '1d', columns: { symbol: 'symbol' } });
    await expect(hive.estimate(request(['APPL']))).rejects.toMatchObject({
      code: 'unknown_symbol',
      message: expect.stringContaining('"AAPL"'),
    });
    await expect(hive.estimate(request(['AAPL'], { from: '2025-01-01' }))).rejects.toMatchObject({ code: 'no_data' });
    const wrong = source('hive', { timeframe: '1d', columns: { symbol: 'symbol', close: 'last' } });
    await expect(fetched(wrong, ['AAPL'])).rejects.toMatchObject({
      code: 'source_refused',
      message: expect.stringContaining('no column last'),
    });
    const away = source('nowhere', { timeframe: '1d', symbol: 'A' });
    await expect(away.symbols()).rejects.toMatchObject({ code: 'source_unavailable' });
  });

  it('reads nothing outside of its folder, and takes names for names', async () => {
    await copy(days(1), 'outside/SECRET.parquet');
    await copy(days(1), 'inside/A.parquet');
    symlinkSync(path.join(folder, 'outside/SECRET.parquet'), path.join(folder, 'inside/LINK.parquet'));
    const inside = source('inside', { timeframe: '1d', symbolInFileName: true });
    expect((await inside.symbols()).map(({ symbol }) => symbol)).toEqual(['A']);
    const quoted = source('inside', {
      timeframe: '1d',
      symbolInFileName: true,
      columns: { close: "a\" FROM read_text('/etc/passwd') --" },
    });
    await expect(fetched(quoted, ['A'])).rejects.toMatchObject({ code: 'source_refused' });
  });
});

it('lists every fault of the description at once', () => {
  const faulty = () => source('faulty', { path: 'http://bucket/bars', timeframe: '1 day', zone: 'UTC' });
  for (const place of ['path', 'timeframe', '"zone"', 'symbol']) expect(faulty).toThrow(place);
});
