import type { Checkpoint } from '../../artifacts/checkpoints.ts';
import type { Chunk } from '../../artifacts/chunks.ts';
import type { ArtifactRef } from '../../shared/artifact.ts';
import { HoldfastError } from '../../shared/errors.ts';
import type { EndReason } from '../../shared/series.ts';
import { CONTROL } from '../../shared/slice-control.ts';
import { openPassage, type Passage, type PassageJob } from './passage.ts';
import type { JobStores } from './stores.ts';

export interface SliceJob extends PassageJob {
  owner: string;
  /** Where to go on; null at the first bar. */
  checkpoint: ArtifactRef | null;
  /** The checkpoint before that one: where to go on when its file is damaged or lost. */
  earlier: ArtifactRef | null;
  /** Wall time after which the slice ends by itself, in milliseconds. */
  sliceMs: number;
  /** Simulation time of the whole run, in seconds, after which it fails at the next slice; unlimited without. */
  mostSeconds?: number;
  /** Which attempt of its activity this is. */
  attempt: number;
  /** By the positions of CONTROL. */
  control: Int32Array<SharedArrayBuffer>;
}

export interface SliceResult {
  /** Null only when the slice was stopped before the first bar of a run. */
  checkpoint: ArtifactRef | null;
  /** The checkpoint before that one. */
  earlier: ArtifactRef | null;
  /** First bar that this slice simulated. */
  fromBar: number;
  /** Next bar to simulate. */
  bar: number;
  total: number;
  ended: Exclude<EndReason, 'interrupted'> | null;
}

type SliceStores = Pick<JobStores, 'checkpoints' | 'chunks' | 'datasets' | 'prepareDecider'>;

/** Most bars of a chunk: 1 million points take 32 MB, and as much again while they are encoded. */
const MAX_BARS = 1_000_000;
const POINT_BYTES = 64;

/** Bars between two looks at the clock and the stop flag, adapted so that a look comes about every 5 ms. */
const LOOK_MS = 5;

/**
 * Simulates from a checkpoint until the time is up, the data end or a stop is asked for, always to a bar boundary; stores what was
 * appended in chunks that fit into memory, and the next checkpoint. Where a slice ends must not show in the result.
 */
export async function simulateSlice(stores: SliceStores, job: SliceJob): Promise<SliceResult> {
  return storeSlice(stores, job, await advanceSlice(stores, job));
}

/** What a slice did; of a long one, all but the last chunk is stored. */
export interface Slice {
  fromBar: number;
  /** Where it went on; null at the first bar. */
  before: { ref: ArtifactRef; checkpoint: Checkpoint } | null;
  /** The last chunk that is stored. */
  chunk: ArtifactRef | null;
  passage: Passage;
  cpuSeconds: number;
}

/** The simulating part of {@link simulateSlice}. */
export async function advanceSlice(stores: SliceStores, job: SliceJob): Promise<Slice> {
  const refs = [job.checkpoint, job.earlier].filter((ref) => ref !== null);
  const before = job.checkpoint === null ? null : await stores.checkpoints.readFirst(refs);
  refuseEndless(job, before?.checkpoint.cpuSeconds ?? 0);
  const passage = await openPassage(stores, job, before?.checkpoint ?? null);
  const slice: Slice = { fromBar: passage.simulation.bar, before, chunk: before?.checkpoint.chunk ?? null, passage, cpuSeconds: 0 };
  const start = performance.now();
  const advance = createAdvance(job, start);
  const isOver = (): boolean => {
    try {
      return advance(passage);
    } catch (error) {
      throw withItsLog(error, passage.simulation);
    }
  };
  while (!isOver() && passage.simulation.ended === null) {
    slice.chunk = await storeChunk(stores, job, slice);
    if (passage.simulation.bar === passage.until) await passage.next();
  }
  slice.cpuSeconds = (performance.now() - start) / 1000;
  return slice;
}

/** Lines of a log that an error takes along. */
const LAST_LINES = 20;

/** What a strategy wrote just before it failed is not stored, for there is no whole bar to store it with: the error says it. */
function withItsLog(error: unknown, simulation: Passage['simulation']): unknown {
  if (!(error instanceof HoldfastError) || error.code !== 'strategy_failed') return error;
  const { logs } = simulation.take();
  if (logs.length === 0) return error;
  const lines = logs.slice(-LAST_LINES).map(({ bar, message }) => `  bar ${bar}: ${message}`);
  const which = logs.length > LAST_LINES ? `the last ${LAST_LINES} of ${logs.length}` : 'all';
  return new HoldfastError(error.code, [error.message, `Lines of its log from this slice (${which}):`, ...lines].join('\n'), {
    cause: error,
  });
}

function refuseEndless({ mostSeconds = Infinity }: SliceJob, spent: number): void {
  if (spent < mostSeconds) return;
  const said = `It has been simulated for ${Math.round(spent)} s, and may be for ${mostSeconds} s`;
  throw new HoldfastError('run_too_long', `${said}. Run fewer bars, make the strategy quicker, or raise HOLDFAST_RUN_HOURS.`);
}

/** The storing part of {@link simulateSlice}: the chunk, linked to the one before it, and then the checkpoint that names it. */
export async function storeSlice(stores: SliceStores, job: SliceJob, slice: Slice): Promise<SliceResult> {
  const { fromBar, before } = slice;
  const { bar, total, ended } = slice.passage.simulation;
  const where = { fromBar, bar, total, ended };
  if (bar === fromBar && ended === null) return { checkpoint: job.checkpoint, earlier: job.earlier, ...where };
  const chunk = await storeChunk(stores, job, slice);
  const checkpoint = await stores.checkpoints.write(job.owner, checkpointAfter(job, slice, chunk));
  return { checkpoint, earlier: before?.ref ?? null, ...where };
}

async function storeChunk(stores: SliceStores, { owner }: SliceJob, slice: Slice): Promise<ArtifactRef> {
  const added = appended(slice);
  if (slice.chunk !== null && added.toBar === added.fromBar) return slice.chunk;
  return stores.chunks.append(owner, added);
}

/** What the slice adds to the chunks that are stored; it can be taken once. */
export function appended({ chunk, passage: { simulation } }: Slice): Chunk {
  return { previous: chunk, toBar: simulation.bar, ...simulation.take() };
}

export function checkpointAfter(job: SliceJob, { before, passage, cpuSeconds }: Slice, chunk: ArtifactRef | null): Checkpoint {
  const { bar, total, ended } = passage.simulation;
  return {
    dataset: job.datasetRef,
    bar,
    total,
    ended,
    chunk,
    slices: (before?.checkpoint.slices ?? 0) + 1,
    attempts: (before?.checkpoint.attempts ?? 0) + job.attempt,
    cpuSeconds: (before?.checkpoint.cpuSeconds ?? 0) + cpuSeconds,
    ...(passage.place && { place: passage.place }),
    state: passage.simulation.state(),
  };
}

/**
 * Runs the simulation in blocks to the end of the stretch, or until a chunk is full, with a look at the clock and the stop flag after each. Answers
 * whether the slice is over.
 */
function createAdvance({ sliceMs, memoryBytes, control }: SliceJob, start: number): (passage: Passage) => boolean {
  const most = Math.max(1, Math.min(MAX_BARS, Math.floor(memoryBytes / 2 / POINT_BYTES)));
  // Few at first: nobody knows yet how long a bar takes.
  let block = 16;
  return ({ simulation, until }) => {
    const lastBar = Math.min(until, simulation.bar + most);
    let looked = performance.now();
    while (simulation.bar < lastBar && simulation.ended === null) {
      if (Atomics.load(control, CONTROL.stop) !== 0) return true;
      simulation.advance(Math.min(lastBar, simulation.bar + block));
      Atomics.store(control, CONTROL.done, simulation.bar);
      const now = performance.now();
      if (now - start >= sliceMs) return true;
      // At most fourfold a step: one look with a stalled clock must not make the next block endless.
      const pace = Math.min(4, Math.max(0.25, LOOK_MS / Math.max(now - looked, 0.01)));
      block = Math.max(1, Math.round(block * pace));
      looked = now;
    }
    return Atomics.load(control, CONTROL.stop) !== 0;
  };
}
