import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { createFileCache } from '../../artifacts/file-cache.ts';
import { createFolderStore } from '../../artifacts/folder-store.ts';
import { createMarketData } from '../../market-data/catalog.ts';
import { FilesSource } from '../../market-data/files/config.ts';
import { createFilesSource } from '../../market-data/files/source.ts';
import { BacktestSpec } from '../../shared/spec.ts';

/**
 * Bars of a Parquet file into a stored dataset, and the start of a run whose bars are there: `node bench/data/files.ts [rows]`.
 * Memory is that of this process; DuckDB's is in a process of its own, with a limit.
 */
const ROWS = Number(process.argv[2] ?? 10_000_000);
const ROW_BYTES = 6 * 8 + 2;

const folder = await mkdtemp(join(tmpdir(), 'bench-files-'));
try {
  const file = join(folder, 'bars.parquet');
  await mkdir(join(folder, 'artifacts'));
  await writeBars(file);
  const config = FilesSource.parse({ kind: 'files', name: 'bench', path: file, symbol: 'X', timeframe: '1m' });
  const cache = createFileCache({ folder: join(folder, 'cache'), bytes: 1 });
  const source = createFilesSource(config, cache);
  const artifacts = createFolderStore({ folder: join(folder, 'artifacts') });
  const marketData = createMarketData({ sources: [source], artifacts });
  const spec = BacktestSpec.parse({ data: { source: 'bench', symbols: ['X'], timeframe: '1m' }, strategy: { name: 'sma-cross' } });
  const signal = new AbortController().signal;
  await source.symbols();
  const before = process.memoryUsage().rss;
  let peak = before;
  const watch = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 20);

  const read = await measured(async () => {
    for await (const block of source.fetch(spec.data, signal)) if (block.length === 0) throw new Error('no bars');
  });
  const fetched = await measured(() => marketData.fetch(spec, signal));
  clearInterval(watch);
  const cached = await measured(() => createMarketData({ sources: [createFilesSource(config, cache)], artifacts }).cached(spec));

  const rate = ({ wall, processor }: Took): string =>
    `${(ROWS / wall / 1e6).toFixed(2)} M rows/s, ${((processor / ROWS) * 1e9).toFixed(0)} ns of this process a row`;
  const against = (reached: number, goal: number): string => `goal ${goal}: ${reached >= goal ? 'reached' : 'missed'}`;
  const print = (line: string): void => void process.stdout.write(`${line}\n`);
  const megabytes = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MB`;
  print(`Parquet to blocks of bars          ${rate(read)}`);
  print(
    `Parquet to a stored dataset        ${rate(fetched)} (with checks, hash and disk; M rows/s, ${against(ROWS / fetched.wall / 1e6, 3)})`,
  );
  print(`a dataset that is there is found   ${(cached.wall * 1000).toFixed(1)} ms (goal 100: ${cached.wall < 0.1 ? 'reached' : 'missed'})`);
  print(`peak memory beyond the start       ${megabytes(peak - before)} (the dataset: ${megabytes(ROWS * ROW_BYTES)})`);
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function writeBars(file: string): Promise<void> {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  const price = (plus: number): string => `100 + sin(i / 500) * 10 + ${plus} AS`;
  await connection.run(
    `COPY (SELECT make_timestamp((946684800 + i * 60) * 1000000) AS ts, ${price(0)} open, ${price(1)} high, ${price(-1)} low, ${price(0.5)} close, (i % 977)::DOUBLE AS volume
      FROM range(${ROWS}) t(i)) TO '${file}' (FORMAT parquet, COMPRESSION zstd)`,
  );
}

interface Took {
  /** Seconds. */
  wall: number;
  processor: number;
}

async function measured(work: () => Promise<unknown>): Promise<Took> {
  const [start, used] = [performance.now(), process.cpuUsage()];
  await work();
  const { user, system } = process.cpuUsage(used);
  return { wall: (performance.now() - start) / 1000, processor: (user + system) / 1e6 };
}
