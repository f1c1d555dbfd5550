import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { configuredSources } from '../../market-data/sources-file.ts';
import { collectBlocks } from '../../market-data/time-chunks.ts';
import { DataSpec } from '../../shared/spec.ts';
import type { BucketDouble } from './bucket-double.ts';
import { startGcsDouble } from './gcs-double.ts';
import { ACCESS_KEY, startS3Double } from './s3-double.ts';

let folder: string;
let parquet: (days: number) => Promise<Uint8Array>;
beforeAll(async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', ACCESS_KEY);
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'double-secret-key');
  folder = mkdtempSync(path.join(tmpdir(), 'buckets-'));
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  parquet = async (days) => {
    const file = path.join(folder, 'made.parquet');
    await connection.run(
      `COPY (SELECT DATE '2024-01-01' + i::INTEGER AS ts, 1.0 AS open, 1e9 AS high, 0.5 AS low, i + 1.0 AS close, hash(i)::DOUBLE AS volume FROM range(${days}) t(i)) TO '${file}' (FORMAT parquet)`,
    );
    return new Uint8Array(readFileSync(file));
  };
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

let copies = 0;
/** A source on a machine that has no copies yet. */
function sourceAt(bucket: BucketDouble, config: object = {}) {
  const file = path.join(folder, 'sources.json');
  const { endpoint } = bucket;
  const prefix = bucket.path('daily/');
  writeFileSync(
    file,
    JSON.stringify({
      sources: [{ kind: 'files', name: 'bucket', path: prefix, endpoint, timeframe: '1d', columns: { symbol: 'symbol' }, ...config }],
    }),
  );
  const home = path.join(folder, `home${++copies}`);
  mkdirSync(home);
  const again = () => configuredSources(file, { home, cacheMb: 10 })[0]!;
  return { source: again(), again };
}

async function closesOf(source: ReturnType<typeof sourceAt>['source'], symbols: string[]) {
  const spec = DataSpec.parse({ source: 'bucket', symbols });
  const bars = await collectBlocks(source.fetch(spec, new AbortController().signal));
  return bars.map(({ symbol, close }) => [symbol, close.length, close.at(-1)]);
}

describe.each([
  ['s3', startS3Double],
  ['gs', startGcsDouble],
])('a bucket at %s://', (_, start) => {
  let bucket: BucketDouble;
  beforeEach(async () => {
    bucket = await start();
    bucket.put('daily/symbol=AAPL/a.parquet', await parquet(30_000));
    bucket.put('daily/symbol=BRK%2FB/a.parquet', await parquet(3));
    bucket.put('daily/symbol=CCC/a.parquet', await parquet(2));
    bucket.put('daily/notes.txt', Uint8Array.of(1));
    bucket.put('other/symbol=DDD/a.parquet', await parquet(1));
    return () => bucket[Symbol.asyncDispose]();
  });
  const gets = () => bucket.log.filter((line) => line.startsWith('get'));

  it('lists symbols and coverage by the ends of the files, over all pages', async () => {
    const { source } = sourceAt(bucket);
    expect((await source.symbols()).map(({ symbol, bars, to }) => [symbol, bars, to])).toEqual([
      ['AAPL', 30_000, '2106-02-19'],
      ['BRK/B', 3, '2024-01-03'],
      ['CCC', 2, '2024-01-02'],
    ]);
    expect(gets()).toContainEqual(expect.stringMatching(/AAPL\/a.parquet bytes=[1-9]/));
    expect(bucket.log.filter((line) => line === 'list')).toHaveLength(2);
  });

  it('says in a list what it covers, as long as nothing but the ends of files has to be read', async () => {
    const { source } = sourceAt(bucket);
    expect((await source.glance!())!.map(({ symbol }) => symbol)).toEqual(['AAPL', 'BRK/B', 'CCC']);
    bucket.put('daily/more.parquet', await parquet(2));
    bucket.log.length = 0;
    const { source: mixed } = sourceAt(bucket);
    expect(await mixed.glance!()).toBeNull();
    expect(gets()).toEqual([]);
  });

  it('fetches the files of the symbols that are asked for, once a version', async () => {
    const { source, again } = sourceAt(bucket);
    await source.symbols();
    bucket.log.length = 0;
    expect(await closesOf(source, ['BRK/B'])).toEqual([['BRK/B', 3, 3]]);
    expect(gets()).toEqual([expect.stringMatching(/^get daily\/symbol=BRK%2FB\/a.parquet bytes=0-/)]);
    const neighbour = again();
    await neighbour.symbols();
    bucket.log.length = 0;
    expect(await closesOf(neighbour, ['BRK/B'])).toEqual([['BRK/B', 3, 3]]);
    expect(gets()).toEqual([]);
    const before = await source.revision!();
    bucket.put('daily/symbol=BRK%2FB/a.parquet', await parquet(4));
    const later = again();
    expect(await later.revision!()).not.toBe(before);
    expect(await closesOf(later, ['BRK/B'])).toEqual([['BRK/B', 4, 4]]);
  });

  it('goes on where a connection was cut, and tries again what the server puts off', async () => {
    const { source } = sourceAt(bucket);
    await source.symbols();
    bucket.log.length = 0;
    bucket.fail({ match: /AAPL.*bytes=0-/, times: 1, cutAt: 100_000 });
    bucket.fail({ match: /AAPL/, times: 1, status: 503 });
    expect(await closesOf(source, ['AAPL'])).toEqual([['AAPL', 30_000, 30_000]]);
    expect(gets().at(-1)).not.toContain('bytes=0-');
  });

  it('is tried again when a file changes between the list and its reading', async () => {
    const { source } = sourceAt(bucket);
    await source.symbols();
    bucket.put('daily/symbol=CCC/a.parquet', await parquet(5));
    await expect(closesOf(source, ['CCC'])).rejects.toMatchObject({ code: 'source_unavailable' });
    expect(await closesOf(source, ['CCC'])).toEqual([['CCC', 5, 5]]);
  });

  it('says what to do about a bucket that is not there, and names that cannot be files', async () => {
    const { source } = sourceAt(bucket, { path: bucket.path('daily').replace('bars', 'barns') });
    await expect(source.symbols()).rejects.toMatchObject({ code: 'source_refused', message: expect.stringContaining('Compare bucket') });
    bucket.put('daily/../../escape.parquet', Uint8Array.of(1));
    await expect(sourceAt(bucket).source.symbols()).rejects.toMatchObject({
      code: 'source_refused',
      message: expect.stringContaining('escape'),
    });
  });

  it('reads a single file, and tables beside the bars', async () => {
    const text = (csv: string) => new TextEncoder().encode(csv);
    bucket.put('one.csv', text('ts,open,high,low,close,volume\n2024-01-01,4,4,4,4,1\n2024-01-02,2,2,2,2,1\n'));
    bucket.put('splits.csv', text('symbol,date,ratio\nX,2024-01-02,2\n'));
    const { source } = sourceAt(bucket, {
      path: bucket.path('one.csv'),
      format: 'csv',
      symbol: 'X',
      columns: {},
      splits: { path: bucket.path('splits.csv'), format: 'csv' },
    });
    expect(await closesOf(source, ['X'])).toEqual([['X', 2, 2]]);
    expect((await source.actions!(['X'], new AbortController().signal)).get('X')!.splits.ratio).toEqual(Float64Array.of(2));
  });
});

it('says who may read a bucket to whoever may not', async () => {
  const bucket = await startS3Double();
  onTestFinished(() => bucket[Symbol.asyncDispose]());
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'someone-else');
  await expect(sourceAt(bucket).source.symbols()).rejects.toMatchObject({
    code: 'source_refused',
    message: expect.stringContaining('credentials'),
  });
});
