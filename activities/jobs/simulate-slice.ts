import { createRunSimulation, type RunSimulation, type RunState } from '../../engine/run-simulation.ts';
import type { Checkpoint } from '../../artifacts/checkpoints.ts';
import type { Chunk } from '../../artifacts/chunks.ts';
import type { ArtifactRef } from '../../shared/artifact.ts';
import type { Dataset } from '../../shared/bars.ts';
import type { EndReason } from '../../shared/series.ts';
import type { BacktestSpec } from '../../shared/spec.ts';
import { CONTROL } from '../../shared/slice-control.ts';
import { runInputOf } from './run-input.ts';
import type { JobStores } from './stores.ts';

export interface SliceJob {
  owner: string;
  spec: BacktestSpec;
  dataset: Dataset;
  datasetRef: ArtifactRef;
  /** Where to go on; null at the first bar. */
  checkpoint: ArtifactRef | null;
  /** The checkpoint before that one: where to go on when its file is damaged or lost. */
  earlier: ArtifactRef | null;
  /** Wall time after which the slice ends by itself, in milliseconds. */
  sliceMs: number;
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

type SliceStores = Pick<JobStores, 'checkpoints' | 'chunks' | 'prepareDecider'>;

/** Bars whose points a slice may hold in memory before it must store them: 1 million take 32 MB, and as much again while they are encoded. */
const MAX_BARS = 1_000_000;

/** Bars between two looks at the clock and the stop flag, adapted so that a look comes about every 5 ms. */
const LOOK_MS = 5;

/**
 * Simulates from a checkpoint until the time is up, the data end or a stop is asked for, always to a bar boundary; stores what was
 * appended as one chunk, and the next checkpoint. Where a slice ends must not show in the result.
 */
export async function simulateSlice(stores: SliceStores, job: SliceJob): Promise<SliceResult> {
  return storeSlice(stores, job, await advanceSlice(stores, job));
}

/** What a slice did, before anything of it is stored. */
export interface Slice {
  fromBar: number;
  /** Where it went on; null at the first bar. */
  before: { ref: ArtifactRef; checkpoint: Checkpoint } | null;
  simulation: RunSimulation;
  cpuSeconds: number;
}

/** The simulating part of {@link simulateSlice}. */
export async function advanceSlice(stores: SliceStores, job: SliceJob): Promise<Slice> {
  const { checkpoint, earlier } = job;
  const before = checkpoint === null ? null : await stores.checkpoints.readFirst([checkpoint, earlier].filter((ref) => ref !== null));
  const simulation = simulationFrom(stores, before?.checkpoint ?? null, job);
  const fromBar = simulation.bar;
  return { fromBar, before, simulation, cpuSeconds: advance(simulation, job) };
}

/** The storing part of {@link simulateSlice}: the chunk, linked to the one before it, and then the checkpoint that names it. */
export async function storeSlice(stores: SliceStores, job: SliceJob, slice: Slice): Promise<SliceResult> {
  const { fromBar, before, simulation } = slice;
  const { bar, total, ended } = simulation;
  const where = { fromBar, bar, total, ended };
  if (bar === fromBar && ended === null) return { checkpoint: job.checkpoint, earlier: job.earlier, ...where };
  const chunk = await stores.chunks.append(job.owner, appended(slice));
  const checkpoint = await stores.checkpoints.write(job.owner, checkpointAfter(job, slice, chunk));
  return { checkpoint, earlier: before?.ref ?? null, ...where };
}

/** What the slice adds to the run; it can be taken once. */
export function appended({ before, simulation }: Slice): Chunk {
  return { previous: before?.checkpoint.chunk ?? null, toBar: simulation.bar, ...simulation.take() };
}

export function checkpointAfter(job: SliceJob, { before, simulation, cpuSeconds }: Slice, chunk: ArtifactRef | null): Checkpoint {
  const { bar, total, ended } = simulation;
  return {
    dataset: job.datasetRef,
    bar,
    total,
    ended,
    chunk,
    slices: (before?.checkpoint.slices ?? 0) + 1,
    attempts: (before?.checkpoint.attempts ?? 0) + job.attempt,
    cpuSeconds: (before?.checkpoint.cpuSeconds ?? 0) + cpuSeconds,
    state: simulation.state(),
  };
}

function simulationFrom(stores: SliceStores, before: Checkpoint | null, { dataset, spec }: SliceJob): RunSimulation {
  const input = runInputOf(spec, dataset);
  return createRunSimulation({
    ...input,
    decider: stores.prepareDecider(spec.strategy, input.bars, input),
    seed: spec.seed,
    state: before?.state as RunState | undefined,
  });
}

/** Runs the simulation in blocks, with a look at the clock and the stop flag after each; returns the seconds it took. */
function advance(simulation: RunSimulation, job: SliceJob): number {
  const start = performance.now();
  const lastBar = Math.min(simulation.total, simulation.bar + MAX_BARS);
  // Few at first: nobody knows yet how long a bar takes.
  let block = 16;
  let looked = start;
  while (simulation.bar < lastBar && simulation.ended === null && Atomics.load(job.control, CONTROL.stop) === 0) {
    simulation.advance(Math.min(lastBar, simulation.bar + block));
    Atomics.store(job.control, CONTROL.done, simulation.bar);
    const now = performance.now();
    if (now - start >= job.sliceMs) break;
    // At most fourfold a step: one look with a stalled clock must not make the next block endless.
    const pace = Math.min(4, Math.max(0.25, LOOK_MS / Math.max(now - looked, 0.01)));
    block = Math.max(1, Math.round(block * pace));
    looked = now;
  }
  return (performance.now() - start) / 1000;
}
