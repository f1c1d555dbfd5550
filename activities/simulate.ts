import { Context, cancellationDetails, heartbeat } from '@temporalio/activity';
import type { Projection } from '../results/runs.ts';
import type { ArtifactRef } from '../shared/artifact.ts';
import type { BacktestSpec } from '../shared/spec.ts';
import { CONTROL } from '../shared/slice-control.ts';
import { heartbeatWhile } from './heartbeat.ts';
import { requireKnownSpec } from './known-spec.ts';
import type { SliceResult } from './jobs/simulate-slice.ts';
import { afterDeath } from './modules/deaths.ts';
import type { Ports } from './ports.ts';
import type { Share } from './worker-memory.ts';

export interface SimulateInput {
  runId: string;
  owner: string;
  spec: BacktestSpec;
  dataset: ArtifactRef;
  checkpoint: ArtifactRef | null;
  /** The checkpoint before that one. */
  earlier?: ArtifactRef | null;
  /** For live progress: which Temporal run the slice is of. */
  writer: Pick<Projection, 'epoch' | 'reset'>;
}

/** What a heartbeat carries: progress for people, and for the next attempt what it must know of those before. */
interface Beat {
  bar: number;
  perSecond: number;
  /** Where to go on: also that of an attempt which an operator interrupted. */
  checkpoint: ArtifactRef | null;
  /** How often the process of the run's module has died in this slice. */
  deaths: number;
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
    requireKnownSpec(input.spec);
    const { info, cancellationSignal } = Context.current();
    const control = new Int32Array(new SharedArrayBuffer(8));
    const stop = (): number => Atomics.exchange(control, CONTROL.stop, 1);
    cancellationSignal.addEventListener('abort', stop, { once: true });
    if (cancellationSignal.aborted) stop();
    const before = info.heartbeatDetails as Beat | undefined;
    const checkpoint = before?.checkpoint ?? input.checkpoint;
    const deaths = before?.deaths ?? 0;
    const slice = runSlice(ports, { ...input, checkpoint }, control);
    const progress = trackProgress(ports, input, control);
    const beat = (): Beat => ({ ...progress(), checkpoint, deaths });
    const result = await heartbeatWhile(slice, beat).catch((error: unknown) => {
      throw afterDeath(error, deaths, () => heartbeat({ ...beat(), deaths: deaths + 1 } satisfies Beat));
    });
    if (cancellationDetails()?.paused || cancellationDetails()?.reset) {
      // An operator's pause must end as a failed attempt, or the server would count the activity as done.
      heartbeat({ bar: result.bar, perSecond: 0, checkpoint: result.checkpoint, deaths } satisfies Beat);
      throw cancellationSignal.reason;
    }
    return result;
  };
}

async function runSlice(ports: Ports, input: SimulateInput, control: Int32Array<SharedArrayBuffer>): Promise<SliceResult> {
  const { info, cancellationSignal: signal } = Context.current();
  const job = {
    owner: input.owner,
    spec: input.spec,
    datasetRef: input.dataset,
    checkpoint: input.checkpoint,
    earlier: input.earlier ?? null,
    sliceMs: input.checkpoint === null ? ports.slice.firstMs : ports.slice.laterMs,
    mostSeconds: ports.slice.mostSeconds,
    attempt: info.attempt,
  };
  const isModule = ports.modules.has(input.spec.strategy);
  const work = (share: Share): Promise<SliceResult> => {
    if (!isModule) return ports.threads.run('simulateSlice', { ...job, ...share, control });
    const { memoryBytes } = share;
    const progress = (done: number) => void Atomics.store(control, CONTROL.done, done);
    return ports.modules.run({ ...job, memoryBytes, streamed: ports.memory.isStreamed(input.dataset) }, { signal, progress });
  };
  return ports.memory.use(input.dataset, work, { own: isModule, signal }).catch((error: unknown) => {
    if (error !== signal.reason) throw error;
    return unmoved(ports, input); // it was stopped while it waited for room
  });
}

async function unmoved({ checkpoints }: Ports, { checkpoint, earlier = null }: SimulateInput): Promise<SliceResult> {
  const { bar, total } = checkpoint === null ? { bar: 0, total: 0 } : await checkpoints.read(checkpoint);
  return { checkpoint, earlier, fromBar: bar, bar, total, ended: null };
}

/** Reads the thread's progress, and passes it on to the row from time to time. */
function trackProgress(ports: Ports, input: SimulateInput, control: Int32Array<SharedArrayBuffer>): () => Pick<Beat, 'bar' | 'perSecond'> {
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
      ports.results.reportProgress({ runId: input.runId, ...input.writer, done: bar, perSecond }).catch(() => undefined);
    }
    return { bar, perSecond };
  };
}
