import { createHash } from 'node:crypto';
import { canonicalJson } from '../../shared/canonical-json.ts';
import type { DataSpec } from '../../shared/spec.ts';
import type { BarSource, Reading, ScanQuote } from '../source.ts';
import type { BarBlock } from '../time-chunks.ts';
import { barsQuery, extraColumn, ROW_COLUMNS, timeframesOf } from './bars-query.ts';
import type { BigQuerySource } from './config.ts';
import { createCoverage } from './coverage.ts';
import { jobIdOf, runJob, scannedBytes, type FinishedJob } from './query-job.ts';
import { remembered } from './remembered.ts';
import { createRestApi } from './rest-api.ts';
import { restRows } from './rest-rows.ts';
import { toBlock } from './row-blocks.ts';
import { createRowSorter, type RowBatch, type RowSorter } from './row-sorter.ts';
import { createStorageApi, SessionLost, StorageRefused } from './storage-rows.ts';

/** Goes up when the same configuration gives other bars. */
const VERSION = 1;
/** How long a price or the state of the table may be old when a run is accepted. */
const KEEP_MS = 60_000;
/** How far back BigQuery can show a table as it was. */
const TIME_TRAVEL_MS = 7 * 86_400_000;
/** The server's clock may be behind, and it knows no future. */
const CLOCK_MARGIN_MS = 1_000;
/** Least that a query is billed for. */
const LEAST_BILLED_BYTES = 10 * 2 ** 20;
/** A session of the Storage Read API ends after some hours. */
const SESSIONS = 4;

/** Bars of a table in BigQuery. Nothing is connected before it is asked for something. */
export function createBigQuerySource(config: BigQuerySource): BarSource {
  const { name, caps, columns, timeZone } = config;
  const api = createRestApi(config);
  const storage = createStorageApi({ source: name, project: api.project });
  const coverage = createCoverage(config, api);
  const revisions = remembered<string>(KEEP_MS, { stale: true });
  const quotes = remembered<ScanQuote>(KEEP_MS);
  const extra = Object.keys(columns.extra);
  const names = [...ROW_COLUMNS, ...extra.map((_, number) => extraColumn(number))];

  const identity = { version: VERSION, project: api.project, location: api.location };
  const revision = () => revisions('', () => lastModified());

  async function lastModified(): Promise<string> {
    const path = `/datasets/${config.dataset}/tables/${config.table}`;
    const table = (await api.call({ method: 'GET', path, project: config.project })) as { lastModifiedTime?: string };
    return table.lastModifiedTime ?? '';
  }

  async function quote(spec: DataSpec): Promise<ScanQuote> {
    const query = barsQuery(config, spec, null);
    const key = jobIdOf('scan', query, { ...identity, revision: await revision() });
    return quotes(key, async () => {
      const bytes = await scannedBytes(api, query);
      const cost = (Math.max(bytes, LEAST_BILLED_BYTES) / 2 ** 40) * config.pricePerTiB;
      return { key, bytes, cost, caps };
    });
  }

  async function run(spec: DataSpec, reading: Reading, signal: AbortSignal): Promise<FinishedJob> {
    const isOld = reading.at < Date.now() - TIME_TRAVEL_MS;
    const snapshot = config.snapshot && !isOld ? reading.at - CLOCK_MARGIN_MS : null;
    const query = barsQuery(config, spec, snapshot);
    // Without a time in its text, the query is told from an earlier one by the time at which it was first asked.
    const id = jobIdOf('bars', query, { ...identity, at: reading.at });
    const job = await runJob(api, { source: name, id, query, maximumBytesBilled: Math.max(caps.perRunBytes, LEAST_BILLED_BYTES), signal });
    reading.note({
      snapshot: snapshot === null ? null : new Date(snapshot).toISOString(),
      ...(isOld && { revised: true }),
      job: job.id,
      bytesBilled: job.bytesBilled,
    });
    return job;
  }

  /** The streams of a job, by the quicker way that is allowed. */
  async function streamsOf(job: FinishedJob, reading: Reading, signal: AbortSignal): Promise<AsyncGenerator<RowBatch>[]> {
    if (config.storageApi) {
      try {
        return await storage.open(job, names, signal);
      } catch (error) {
        if (!(error instanceof StorageRefused)) throw error;
        process.emitWarning(`The source "${name}" reads by the REST API, at a fraction of the speed: ${error.message}`, 'BigQueryWarning');
      }
    }
    reading.note({ via: 'rest' });
    return [restRows(api, job, names.length, signal)];
  }

  async function readInto(sorter: RowSorter, spec: DataSpec, reading: Reading, signal: AbortSignal): Promise<void> {
    const job = await run(spec, reading, signal);
    const stop = new AbortController();
    const both = AbortSignal.any([signal, stop.signal]);
    const streams = await streamsOf(job, reading, both);
    const pump = async (stream: AsyncGenerator<RowBatch>) => {
      for await (const batch of stream) await sorter.add(batch);
    };
    // The first failure ends all streams, and is told when the others have ended.
    const outcomes = await Promise.allSettled(
      streams.map((stream) =>
        pump(stream).catch((error: unknown) => {
          stop.abort(error);
          throw error;
        }),
      ),
    );
    if (outcomes.some(({ status }) => status === 'rejected')) throw signal.aborted ? signal.reason : stop.signal.reason;
  }

  async function* fetch(spec: DataSpec, signal: AbortSignal, reading: Reading = unpinned()): AsyncGenerator<BarBlock> {
    await coverage.estimate(spec);
    for (let session = 1; ; session++) {
      const sorter = createRowSorter({ width: names.length });
      try {
        await readInto(sorter, spec, reading, signal);
        for await (const rows of sorter.blocks()) yield toBlock(rows, spec.symbols, extra);
        return;
      } catch (error) {
        if (!(error instanceof SessionLost) || session === SESSIONS) throw error;
      } finally {
        await sorter.close();
        await storage.close();
      }
    }
  }

  return {
    name,
    version: createHash('sha256')
      .update(canonicalJson(contentOf(config)))
      .digest('hex'),
    describe: () => ({
      source: name,
      title: config.title ?? `${config.dataset}.${config.table}`,
      description: config.description || `Table ${config.table} of BigQuery, project ${config.project}.`,
      timeframes: timeframesOf(config),
      timeZone,
    }),
    symbols: coverage.symbols,
    estimate: coverage.estimate,
    revision,
    quote,
    fetch,
  };
}

/** For whoever keeps no books. */
function unpinned(): Reading {
  return { at: Date.now(), note: () => undefined };
}

/** What of the configuration decides on the bars. */
function contentOf({
  caps: _caps,
  pricePerTiB: _price,
  title: _title,
  description: _description,
  storageApi: _storage,
  ...content
}: BigQuerySource) {
  return { ...content, version: VERSION };
}
