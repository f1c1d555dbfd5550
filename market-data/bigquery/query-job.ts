import { createHash } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { canonicalJson } from '../../shared/canonical-json.ts';
import { isPassing, toError, type Failure } from './failures.ts';
import { queryConfiguration, type Query } from './parameters.ts';
import type { RestApi } from './rest-api.ts';

/** A finished query. */
export interface FinishedJob {
  id: string;
  location: string;
  /** The anonymous table with its rows, which lives for a day. */
  table: { projectId: string; datasetId: string; tableId: string };
  bytesBilled: number;
}

interface JobJson {
  jobReference: { jobId: string; location?: string };
  status: { state: string; errorResult?: { reason: string; message: string } };
  configuration?: { query?: { destinationTable?: FinishedJob['table'] } };
  statistics?: { endTime?: string; totalBytesProcessed?: string; query?: { totalBytesProcessed?: string; totalBytesBilled?: string } };
}

/** Results of a query are kept for 24 hours; what is nearly gone may be gone before it is read. */
const RESULTS_LAST_MS = 23 * 3_600_000;
/** Least that a query is billed for. */
export const LEAST_BILLED_BYTES = 10 * 2 ** 20;
/** Jobs of one query that may fail, or whose results may go, before it is given up. */
const MOST_JOBS = 20;
/** The server answers as soon as the job is done, or after this. */
const POLL_MS = 10_000;
/** For servers that answer at once that a job is not done. */
const PAUSE_MS = 100;

/** Bytes that a query would scan, without running it. Free. */
export async function scannedBytes(api: RestApi, query: Query, signal?: AbortSignal): Promise<number> {
  const body = {
    configuration: { dryRun: true, query: queryConfiguration(query) },
    jobReference: { projectId: api.project, location: api.location },
  };
  const { statistics } = (await api.call({ method: 'POST', path: '/jobs', body }, signal)) as JobJson;
  return Number(statistics?.query?.totalBytesProcessed ?? statistics?.totalBytesProcessed ?? 0);
}

/** The id of the first job for this query: the same wherever and whenever it is asked, so that no query is paid twice. */
export function jobIdOf(purpose: string, query: Query, also: unknown): string {
  const hash = createHash('sha256').update(canonicalJson({ query, also })).digest('hex');
  return `holdfast_${purpose}_${hash.slice(0, 40)}`;
}

/**
 * Runs a query under an id of its own and waits for its end. A job of this id that somebody started before is taken over: it is paid for. One that
 * failed, or whose results have gone, gives way to the next number. An abort cancels the job.
 */
export async function runJob(
  api: RestApi,
  options: { source: string; id: string; query: Query; maximumBytesBilled: number; signal: AbortSignal },
): Promise<FinishedJob> {
  const { source, signal } = options;
  for (let number = 0; number < MOST_JOBS; number++) {
    const id = number === 0 ? options.id : `${options.id}_${number}`;
    const inserted = await insert(api, { ...options, id });
    const job = await finished(api, id, signal);
    const failure = job.status.errorResult;
    if (failure === undefined && !hasExpired(job)) return toFinished(api, job);
    // What failed in an earlier attempt tells nothing about this one.
    if (inserted && failure !== undefined && !isPassing(failure) && failure.reason !== 'stopped') throw toError(source, failure);
  }
  throw toError(source, { reason: 'backendError', message: `${MOST_JOBS} jobs failed one after the other.` } satisfies Failure);
}

/** False where a job of this id was there already. */
async function insert(
  api: RestApi,
  { id, query, maximumBytesBilled, signal }: { id: string; query: Query; maximumBytesBilled: number; signal: AbortSignal },
): Promise<boolean> {
  const { project: projectId, location } = api;
  const configuration = {
    query: { ...queryConfiguration(query), maximumBytesBilled: String(Math.floor(maximumBytesBilled)) },
    labels: { application: 'holdfast' },
  };
  const body = { configuration, jobReference: { projectId, location, jobId: id } };
  return (await api.callUnless(['duplicate'], { method: 'POST', path: '/jobs', body }, signal)) !== null;
}

async function finished(api: RestApi, id: string, signal: AbortSignal): Promise<JobJson> {
  const { location } = api;
  const jobs = `/jobs/${id}`;
  try {
    for (;;) {
      const job = (await api.call({ method: 'GET', path: jobs, query: { location } }, signal)) as JobJson;
      if (job.status.state === 'DONE') return job;
      // Waits on the server. A job that failed answers with its failure, which the next look at the job tells too.
      const wait = { location, maxResults: 0, timeoutMs: POLL_MS };
      await api.call({ method: 'GET', path: `/queries/${id}`, query: wait }, signal).catch(rethrowAbort(signal));
      await delay(PAUSE_MS, undefined, { signal });
    }
  } catch (error) {
    // Nobody waits for the answer of a job whose run was cancelled, but it would be paid to its end.
    if (signal.aborted) await api.call({ method: 'POST', path: `${jobs}/cancel`, query: { location } }).catch(() => undefined);
    throw error;
  }
}

function rethrowAbort(signal: AbortSignal) {
  return (error: unknown): void => {
    if (signal.aborted) throw error;
  };
}

function hasExpired({ statistics }: JobJson): boolean {
  const end = Number(statistics?.endTime ?? Number.NaN);
  return Date.now() - end > RESULTS_LAST_MS;
}

function toFinished(api: RestApi, job: JobJson): FinishedJob {
  const table = job.configuration?.query?.destinationTable ?? { projectId: '', datasetId: '', tableId: '' };
  return {
    id: job.jobReference.jobId,
    location: job.jobReference.location ?? api.location,
    table,
    bytesBilled: Number(job.statistics?.query?.totalBytesBilled ?? 0),
  };
}
