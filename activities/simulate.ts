import { Context, cancellationDetails, heartbeat } from '@temporalio/activity';
import type { ArtifactRef } from '../shared/artifact.ts';
import type { BacktestSpec } from '../shared/spec.ts';
import { heartbeatWhile } from './heartbeat.ts';
import { CONTROL } from '../shared/slice-control.ts';
import type { SliceResult } from './jobs/simulate-slice.ts';
import type { Ports } from './ports.ts';

export interface SimulateInput {
  runId: string;
  owner: string;
  spec: BacktestSpec;
  dataset: ArtifactRef;
  checkpoint: ArtifactRef | null;
  /** Of the Temporal run, for live progress. */
  epoch: number;
}

/** What a heartbeat carries: progress for people, and for the next attempt the checkpoint of one that an operator interrupted. */
interface Beat {
  bar: number;
  perSecond: number;
  checkpoint: ArtifactRef | null;
}

/** Live progress is written to the row about this often; heartbeats are cheaper and come more often. */
const REPORT_MS = 1_000;

/**
 * One slice of a simulation: an asynchronous shell around a thread, since a loop on this thread would starve the heartbeats. When
 * it is cancelled (a pause, a cancel, a shutdown) it stops at a bar boundary and *returns* the checkpoint, so that nothing is lost and
 * no attempt is used up.
 */
export function simulate(ports: Ports) {
  return async (input: SimulateInput): Promise<SliceResult> => {
    const { info, cancellationSignal } = Context.current();
    const control = new Int32Array(new SharedArrayBuffer(8));
    const stop = (): number => Atomics.exchange(control, CONTROL.stop, 1);
    cancellationSignal.addEventListener('abort', stop, { once: true });
    if (cancellationSignal.aborted) stop();
    const checkpoint = (info.heartbeatDetails as Beat | undefined)?.checkpoint ?? input.checkpoint;
    const slice = runSlice(ports, { ...input, checkpoint }, control);
    const progress = trackProgress(ports, input, control);
    const result = await heartbeatWhile(slice, () => ({ ...progress(), checkpoint }) satisfies Beat);
    if (cancellationDetails()?.paused || cancellationDetails()?.reset) {
      // An operator's pause must end as a failed attempt, or the server would count the activity as done.
      heartbeat({ bar: result.bar, perSecond: 0, checkpoint: result.checkpoint } satisfies Beat);
      throw cancellationSignal.reason;
    }
    return result;
  };
}

async function runSlice(ports: Ports, input: SimulateInput, control: Int32Array<SharedArrayBuffer>): Promise<SliceResult> {
  const { info } = Context.current();
  return ports.threads.run('simulateSlice', {
    owner: input.owner,
    spec: input.spec,
    dataset: await ports.datasets.load(input.dataset),
    datasetRef: input.dataset,
    checkpoint: input.checkpoint,
    sliceMs: input.checkpoint === null ? ports.slice.firstMs : ports.slice.laterMs,
    attempt: info.attempt,
    control,
  });
}

/** Reads the thread's progress, and passes it on to the row from time to time. */
function trackProgress(ports: Ports, input: SimulateInput, control: Int32Array<SharedArrayBuffer>): () => Omit<Beat, 'checkpoint'> {
  let last = { bar: 0, at: performance.now() };
  let perSecond = 0;
  return () => {
    const bar = Atomics.load(control, CONTROL.done);
    const now = performance.now();
    if (now - last.at >= REPORT_MS && bar > 0) {
      // The first look has no bar to compare with: a resumed slice begins in the middle.
      if (last.bar > 0) perSecond = Math.round(((bar - last.bar) * 1000) / (now - last.at));
      last = { bar, at: now };
      // Progress is for display only; the durable figure comes with the slice's end.
      ports.results.reportProgress({ runId: input.runId, epoch: input.epoch, done: bar, perSecond }).catch(() => undefined);
    }
    return { bar, perSecond };
  };
}
