import { parentPort, workerData } from 'node:worker_threads';
import { runInputOf } from '../../activities/jobs/run-input.ts';
import type { Dataset } from '../../shared/bars.ts';
import type { SweepSpec } from '../../shared/sweep-spec.ts';
import { planOf, trialParams } from '../../strategies/sweep/plan.ts';
import { runTrials } from '../../strategies/sweep/run-trials.ts';

export interface BareThread {
  spec: SweepSpec;
  dataset: Dataset;
  trials: number;
  /** The next block that nobody has taken. */
  next: Int32Array<SharedArrayBuffer>;
}

/** Many enough that what each call prepares is small beside them. */
const BLOCK = 1_024;

const { spec, dataset, trials, next } = workerData as BareThread;
const plan = planOf(spec);
const params = trialParams(spec, plan, plan.sequence().points(0, trials));
const { strategy, metrics, seed } = spec;
const input = { ...runInputOf(spec, dataset), strategy, metrics, seed, figures: plan.figures };

parentPort!.on('message', () => {
  for (let from = BLOCK * Atomics.add(next, 0, 1); from < params.length; from = BLOCK * Atomics.add(next, 0, 1))
    runTrials({ ...input, space: params.slice(from, from + BLOCK) });
  parentPort!.postMessage('done');
});
parentPort!.postMessage('ready');
