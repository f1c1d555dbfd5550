import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { BigQuery } from '@google-cloud/bigquery';
import { PassThroughClient } from 'google-auth-library';
import { ROW_COLUMNS } from '../../market-data/bigquery/bars-query.ts';
import { BigQuerySource } from '../../market-data/bigquery/config.ts';
import { createRestApi } from '../../market-data/bigquery/rest-api.ts';
import { restRows } from '../../market-data/bigquery/rest-rows.ts';
import { toBlock } from '../../market-data/bigquery/row-blocks.ts';
import { createRowSorter, type RowBatch } from '../../market-data/bigquery/row-sorter.ts';
import { createStorageApi } from '../../market-data/bigquery/storage-rows.ts';
import { encodeDataset } from '../../market-data/dataset-file.ts';
import type { BarBlock } from '../../market-data/time-chunks.ts';

/** Rows of a finished query to typed arrays, and to a dataset, by each way there is; the server is a process of its own. `BIGQUERY_ROWS`: of the large one. */

const ROWS = 1_000_000;
const MANY = Number(process.env['BIGQUERY_ROWS'] ?? 20_000_000);
const WIDTH = ROW_COLUMNS.length;
const SYMBOLS = ['AAA', 'BBB'];
/** What a process of Node with these libraries takes, and the rows that are sorted in memory. */
const FLAT_BYTES = 400 * 2 ** 20;

const server = fork(path.join(import.meta.dirname, 'bigquery-server.ts'));
const [addresses] = (await once(server, 'message')) as [{ rest: string; storage: string }];
process.env['BIGQUERY_EMULATOR_HOST'] = addresses.rest;
process.env['BIGQUERY_STORAGE_EMULATOR_HOST'] = addresses.storage;
process.env['METADATA_SERVER_DETECTION'] = 'none';

const columns = { ts: 'ts', open: 'open', high: 'high', low: 'low', close: 'close', volume: 'volume', symbol: 'symbol' };
const config = BigQuerySource.parse({
  kind: 'bigquery',
  name: 'bench',
  project: 'bench-data',
  dataset: 'd',
  table: 't',
  timeframe: '1m',
  columns,
});
const storage = createStorageApi({ source: 'bench', project: 'bench-data' });
const { signal } = new AbortController();

/** A finished job of so many rows. */
function jobOf(rows: number) {
  return { id: `rows_${rows}`, location: 'US', table: { projectId: 'p', datasetId: 'd', tableId: String(rows) }, bytesBilled: 0 };
}

async function countOf(stream: AsyncIterable<RowBatch>): Promise<number> {
  let rows = 0;
  for await (const batch of stream) rows += batch.rows;
  return rows;
}

/** Rows per second, and per second of computing: the second figure is the same on a machine that is busy with other things. */
async function measured(name: string, work: () => Promise<number>): Promise<{ perSecond: number; perCpuSecond: number }> {
  const started = performance.now();
  const before = process.cpuUsage();
  const rows = await work();
  const perSecond = rows / ((performance.now() - started) / 1000);
  const { user, system } = process.cpuUsage(before);
  const perCpuSecond = rows / ((user + system) / 1e6);
  const text = (rate: number) => Math.round(rate).toLocaleString('en');
  report(name, `${text(perSecond)} rows/s, ${text(perCpuSecond)} a CPU second (${rows.toLocaleString('en')} rows)`);
  return { perSecond, perCpuSecond };
}

function against(isReached: boolean, goal: string): string {
  return `goal ${goal}: ${isReached ? 'reached' : 'missed'}`;
}

function report(name: string, value: string): void {
  process.stdout.write(`${name.padEnd(52)} ${value}\n`);
}

/** As the library is used by its documentation: an object for each row. */
async function byClient(): Promise<number> {
  const client = new BigQuery({ projectId: 'bench-data', authClient: new PassThroughClient() as never });
  client.baseUrl = `${addresses.rest}/bigquery/v2`;
  let rows = 0;
  for await (const _row of client.job(`rows_${ROWS}`, { location: 'US' }).getQueryResultsStream()) rows += 1;
  return rows;
}

async function byStorage(rows: number): Promise<number> {
  const streams = await storage.open(jobOf(rows), ROW_COLUMNS, signal);
  return (await Promise.all(streams.map(countOf))).reduce((sum, count) => sum + count, 0);
}

/** To the bytes of a dataset in a file, as a fetch does it. */
async function toDataset(rows: number, file: string): Promise<number> {
  const sorter = createRowSorter({ width: WIDTH });
  const streams = await storage.open(jobOf(rows), ROW_COLUMNS, signal);
  await Promise.all(
    streams.map(async (stream) => {
      for await (const batch of stream) await sorter.add(batch);
    }),
  );
  async function* blocks(): AsyncGenerator<BarBlock> {
    for await (const batch of sorter.blocks()) yield toBlock(batch, SYMBOLS, []);
  }
  const out = await open(file, 'w');
  for await (const part of encodeDataset(blocks(), { atEnd: () => ({ zone: undefined, quality: undefined }) } as never))
    await out.write(part);
  await out.close();
  await sorter.close();
  return rows;
}

const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-bench-'));
try {
  // First, while nothing else has taken memory.
  for (const rows of [MANY / 10, MANY]) {
    const file = path.join(folder, 'dataset.arrow');
    let peak = 0;
    const look = setInterval(() => (peak = Math.max(peak, process.memoryUsage().rss)), 50);
    await measured('Storage Read API to a sorted dataset in a file', () => toDataset(rows, file));
    clearInterval(look);
    const { size } = statSync(file);
    const goal = against(peak <= 2 * size || peak < FLAT_BYTES, 'at most twice the file, or below 400 MB');
    report('  peak memory, size of the file', `${Math.round(peak / 2 ** 20)} MB, ${Math.round(size / 2 ** 20)} MB (${goal})`);
  }
  const client = await measured('REST, the official client', byClient);
  await measured('REST, pages decoded here (the fallback)', () => countOf(restRows(createRestApi(config), jobOf(ROWS), WIDTH, signal)));
  // What a process does at its first reading only: loading code, compiling it.
  await byStorage(ROWS);
  const quick = await measured('Storage Read API, four streams', () => byStorage(ROWS));
  report(
    '  against the official client',
    `${(quick.perSecond / client.perSecond).toFixed(1)} x (${against(quick.perSecond >= 15 * client.perSecond, '15 x')}), by CPU ${(quick.perCpuSecond / client.perCpuSecond).toFixed(1)} x`,
  );
  const one = await measured('Storage Read API, one of four streams', async () => {
    const streams = await storage.open(jobOf(4 * ROWS), ROW_COLUMNS, signal);
    return countOf(streams[0]!);
  });
  report('  rows a second of one stream', against(one.perSecond >= 1e6, '1 M'));
} finally {
  rmSync(folder, { recursive: true });
  await storage.close();
  server.disconnect();
}
