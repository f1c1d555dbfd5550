import { Context } from '@temporalio/activity';
import type { Projection } from '../results/runs.ts';
import type { ArtifactRef } from '../shared/artifact.ts';
import type { Metrics } from '../shared/metrics.ts';
import { CONTROL } from '../shared/slice-control.ts';
import type { BacktestSpec } from '../shared/spec.ts';
import { commit } from './commit.ts';
import { countBacktests } from './count-backtests.ts';
import { isKnownSpec } from './known-spec.ts';
import type { RunAtOnce } from './jobs/run-at-once.ts';
import type { SliceResult } from './jobs/simulate-slice.ts';
import type { Ports } from './ports.ts';
import { datasetOf, findLostFiles, withVerification } from './verification.ts';

export interface OpenInput {
  owner: string;
  spec: BacktestSpec;
  /** Where to go on; null at the first start. */
  checkpoint: ArtifactRef | null;
  /** The run whose bars it takes, and with whose result its own is compared. */
  verifies?: string | null;
  /** The row's first change. */
  opened: Projection;
  /** Its last one, but for the result, the bars and the time, where the run is done at once. */
  closing: Projection;
}

export interface OpenedRun {
  /** Null: the bars are to be fetched. */
  dataset: ArtifactRef | null;
  /** What has been simulated already; null where it was not tried. */
  slice: SliceResult | null;
  /** Of a run that is done: its result is stored and its row is closed. */
  metrics: Metrics | null;
  /** A cancel was recorded before the run was done, and is on its way. */
  isCancelled?: true;
}

/** More bars than this are left to slices: loading them takes a while. */
const SHORT_RUN_BARS = 200_000;

/** A run that is not done by then goes on in slices. Pause and cancel may have to wait as long. */
export const SHORT_RUN_MS = 200;

/**
 * Opens a run: shows it as running, and looks whether its dataset is already there; a run that goes on from a checkpoint keeps the dataset
 * it began with, also when the source has newer bars by now. A short run is then done at once, since each activity of its own would cost
 * about as much as the whole of it.
 */
export function openRun(ports: Ports) {
  return async (input: OpenInput): Promise<OpenedRun> => {
    const [, dataset] = await Promise.all([ports.results.project(input.opened), findDataset(ports, input)]);
    const isFresh = input.checkpoint === null;
    // A step with an activity of its own then tells what holds the run up.
    if (isFresh && !isKnownSpec(input.spec)) return { dataset: null, slice: null, metrics: null };
    if (dataset === null || !isFresh || !isShort(ports, input.spec, dataset)) return { dataset, slice: null, metrics: null };
    const lost = await findLostFiles(ports, input);
    const { slice, result: own } = await runAtOnce(ports, input, dataset);
    if (own === null) return { dataset, slice, metrics: null };
    await countBacktests(ports, input.owner, [{ spec: input.spec, dataset, metrics: own.metrics }]);
    const result = await withVerification(ports, { ...input, lost }, own);
    const change = { ...input.closing.change, done: slice.bar, total: slice.total, result, finishedAt: Date.now() };
    if (await commit(ports.results, input.owner, { ...input.closing, change })) return { dataset, slice, metrics: result.metrics };
    return { dataset, slice, metrics: null, isCancelled: true };
  };
}

async function findDataset(ports: Ports, { owner, spec, checkpoint, verifies = null }: OpenInput): Promise<ArtifactRef | null> {
  if (checkpoint !== null) return (await ports.checkpoints.read(checkpoint)).dataset;
  return verifies === null ? ports.marketData.of(owner).cached(spec) : datasetOf(ports, owner, verifies);
}

/** A module is started in a process of its own, which takes longer than a short run. */
export function isShort({ modules, memory }: Pick<Ports, 'modules' | 'memory'>, { strategy }: BacktestSpec, dataset: ArtifactRef): boolean {
  return dataset.rows <= SHORT_RUN_BARS && !memory.isStreamed(dataset) && !modules.has(strategy);
}

async function runAtOnce({ threads, memory }: Ports, { owner, spec }: OpenInput, datasetRef: ArtifactRef): Promise<RunAtOnce> {
  const { info, cancellationSignal } = Context.current();
  const control = new Int32Array(new SharedArrayBuffer(8));
  const stop = (): number => Atomics.exchange(control, CONTROL.stop, 1);
  cancellationSignal.addEventListener('abort', stop, { once: true });
  const slice = { datasetRef, checkpoint: null, earlier: null, sliceMs: SHORT_RUN_MS, attempt: info.attempt, control };
  return memory.use(datasetRef, (share) => threads.run('runAtOnce', { owner, spec, ...slice, ...share }), { signal: cancellationSignal });
}
