import type { DataSpec } from '../../shared/spec.ts';
import type { Reading } from '../source.ts';
import type { BarBlock } from '../time-chunks.ts';
import { barsQuery, extraColumn, ROW_COLUMNS } from './bars-query.ts';
import type { BigQuerySource } from './config.ts';
import { jobIdOf, LEAST_BILLED_BYTES, runJob, type FinishedJob } from './query-job.ts';
import type { RestApi } from './rest-api.ts';
import { restRows } from './rest-rows.ts';
import { toBlock } from './row-blocks.ts';
import { createRowSorter, type RowBatch, type RowSorter } from './row-sorter.ts';
import { atSnapshot, isTooOld, warn } from './snapshot.ts';
import { createStorageApi, SessionLost, StorageRefused, type StorageApi } from './storage-rows.ts';

/** A session of the Storage Read API ends after some hours. */
const SESSIONS = 4;

interface Run {
  spec: DataSpec;
  reading: Reading;
  /** Counted from 1: later ones take over what the first has paid for. */
  session: number;
  signal: AbortSignal;
}

interface Apis {
  config: BigQuerySource;
  api: RestApi;
  /** What a job belongs to beside its query. */
  identity: object;
}

/** Reads the bars of a request: one query, whose rows are read in parallel and sorted here. */
export function createFetch({ config, api, identity }: Apis) {
  const { name } = config;
  const extra = Object.keys(config.columns.extra);
  const names = [...ROW_COLUMNS, ...extra.map((_, number) => extraColumn(number))];

  async function runAt(snapshot: number | null, { spec, reading, session, signal }: Run): Promise<FinishedJob> {
    const query = barsQuery(config, spec, snapshot);
    // Without a time in its text, the query is told from an earlier one by the time at which it was first asked.
    const id = jobIdOf('bars', query, { ...identity, at: reading.at });
    const maximumBytesBilled = Math.max(config.caps.perRunBytes, LEAST_BILLED_BYTES);
    const job = await runJob(api, { source: name, id, query, maximumBytesBilled, signal });
    const at = snapshot === null ? null : new Date(snapshot).toISOString();
    reading.note({
      snapshot: at,
      ...(isTooOld(reading) && { revised: true }),
      job: job.id,
      ...(session === 1 && { bytesBilled: job.bytesBilled }),
    });
    return job;
  }

  /** The streams of a job, by the quicker way that is allowed. */
  async function streamsOf(
    storage: StorageApi,
    job: FinishedJob,
    { reading, session, signal }: { reading: Reading; session: number; signal: AbortSignal },
  ): Promise<AsyncGenerator<RowBatch>[]> {
    if (config.storageApi) {
      try {
        return await storage.open(job, names, signal);
      } catch (error) {
        // Once, rows may have gone while they were waited for; where a new session does not find them either, they are not to be had this way.
        const isRefused = error instanceof StorageRefused || (error instanceof SessionLost && session > 1);
        if (!isRefused) throw error;
        warn(config, `reads by the REST API, at a fraction of the speed: ${error.message}`);
      }
    }
    reading.note({ via: 'rest' });
    return [restRows(api, job, names.length, signal)];
  }

  return async function* fetch(spec: DataSpec, signal: AbortSignal, reading: Reading): AsyncGenerator<BarBlock> {
    for (let session = 1; ; session++) {
      const sorter = createRowSorter({ width: names.length });
      const storage = createStorageApi({ source: name, project: api.project });
      try {
        const job = await atSnapshot(config, reading, (snapshot) => runAt(snapshot, { spec, reading, session, signal }));
        const stop = new AbortController();
        const streams = await streamsOf(storage, job, { reading, session, signal: AbortSignal.any([signal, stop.signal]) });
        await readAll(streams, sorter, stop);
        for await (const rows of sorter.blocks()) yield toBlock(rows, spec.symbols, extra);
        return;
      } catch (error) {
        if (signal.aborted) throw signal.reason;
        if (!(error instanceof SessionLost) || session === SESSIONS) throw error;
      } finally {
        await sorter.close();
        await storage.close();
      }
    }
  };
}

/** The first failure ends all streams, and is told when the others have ended. */
async function readAll(streams: readonly AsyncGenerator<RowBatch>[], sorter: RowSorter, stop: AbortController): Promise<void> {
  const pump = async (stream: AsyncGenerator<RowBatch>) => {
    try {
      for await (const batch of stream) await sorter.add(batch);
    } catch (error) {
      stop.abort(error);
    }
  };
  await Promise.all(streams.map(pump));
  stop.signal.throwIfAborted();
}
