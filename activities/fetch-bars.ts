import { Context } from '@temporalio/activity';
import type { ArtifactRef } from '../shared/artifact.ts';
import { inGibibytes } from '../shared/byte-text.ts';
import { HoldfastError } from '../shared/errors.ts';
import { CONTROL } from '../shared/slice-control.ts';
import type { BacktestSpec } from '../shared/spec.ts';
import { UPLOAD_PREFIX } from '../shared/upload.ts';
import { heartbeatWhile } from './heartbeat.ts';
import { requireKnownSpec } from './known-spec.ts';
import type { FetchedBars, FetchJob } from './jobs/fetch-bars.ts';
import type { Ports } from './ports.ts';

/** After a cancel: time to call off what was begun elsewhere, before the thread is ended. */
const CALL_OFF_MS = 900;
/** Runs that were accepted before owners were named here. */
const NOBODY = 'unnamed';

type FetchWork = Omit<FetchJob, 'control'>;

/** Turns `spec.data` into a dataset in the artifact store. Repeating it finds what an earlier attempt stored. */
export function fetchBars(ports: Ports) {
  return async (spec: BacktestSpec, owner: string = NOBODY): Promise<ArtifactRef> => {
    requireKnownSpec(spec);
    const signal = Context.current().cancellationSignal;
    const fetched = prepared(ports, spec, owner).then((job) => fetchAndNote(ports, job, signal));
    return heartbeatWhile(fetched, () => spec.data.source);
  };
}

/** An upload has been looked at when it came. */
async function fetchAndNote(ports: Ports, job: FetchWork, signal: AbortSignal): Promise<ArtifactRef> {
  const { dataset, checks } = await fetchInThread(ports, job, signal);
  if (job.upload === null && checks.length > 0) await ports.results.keepChecks(checks);
  return dataset;
}

/** A thread has no rows: it is told which upload a run takes its bars from. */
async function prepared(ports: Ports, spec: BacktestSpec, owner: string): Promise<FetchWork> {
  const { source } = spec.data;
  if (!source.startsWith(UPLOAD_PREFIX)) return { spec, at: await bookScan(ports, spec, owner), upload: null };
  const upload = await ports.results.getUpload(owner, source.slice(UPLOAD_PREFIX.length));
  if (upload === null)
    throw new HoldfastError(
      'no_data',
      `The source "${source}" was removed after the run was accepted. Upload it again, and submit a new run.`,
    );
  return { spec, at: Date.now(), upload };
}

/** Books what a metered source is about to scan; gives the time at which this fetch was first tried. */
async function bookScan({ marketData, results }: Ports, spec: BacktestSpec, owner: string): Promise<number> {
  const quote = await marketData.of(owner).quote(spec);
  if (quote === null) return Date.now();
  const { key, bytes, caps } = quote;
  const what = `The query of the source "${spec.data.source}" would scan ${inGibibytes(bytes)}`;
  if (bytes > caps.perRunBytes)
    throw new HoldfastError(
      'scan_too_large',
      `${what}, and a run may scan ${inGibibytes(caps.perRunBytes)}. Ask for fewer symbols or a shorter range.`,
    );
  const booking = { key, owner, bytes, at: Date.now(), ownerDayBytes: caps.perOwnerDayBytes };
  const booked = await results.bookScan(booking);
  // A night that comes late asks for what there was when it was due.
  if (booked.outcome === 'booked') return Math.min(booked.at, Date.parse(spec.data.asOf ?? '') || Infinity);
  const day = `${inGibibytes(booked.booked)} of ${inGibibytes(caps.perOwnerDayBytes)} are used today (UTC)`;
  throw new HoldfastError('scan_over_quota', `${what}, and ${day}. Try again tomorrow, or ask for less.`);
}

async function fetchInThread({ threads }: Ports, job: FetchWork, signal: AbortSignal): Promise<FetchedBars> {
  const control = new Int32Array(new SharedArrayBuffer(8));
  const end = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const cancel = () => {
    Atomics.store(control, CONTROL.stop, 1);
    timer = setTimeout(() => end.abort(), CALL_OFF_MS);
  };
  if (signal.aborted) cancel();
  else signal.addEventListener('abort', cancel, { once: true });
  try {
    return await threads.run('fetchBars', { ...job, control }, end.signal);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', cancel);
  }
}
