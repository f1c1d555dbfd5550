import { TPE_BLOCK, TPE_LAG } from '../engine/search/tpe.ts';
import { QUICK_FIGURES } from '../engine/sweep/trial-figures.ts';
import type { TrialShard } from '../results/sweeps.ts';
import type { ArtifactRef } from '../shared/artifact.ts';
import type { Objective } from '../shared/sweep-spec.ts';
import { planOf } from '../strategies/sweep/plan.ts';
import type { Ports } from './ports.ts';
import { SHARD_MS } from './run-trials.ts';
import { originOf, sweepOf } from './sweep-rows.ts';

/** Trials with the numbers [from, to). */
export interface TrialRange {
  from: number;
  to: number;
}

/** How the trials of a sweep are cut into shards. */
export interface TrialsPlan {
  total: number;
  /** Trials that are done, and the first behind them. */
  done: number;
  next: number;
  cpuSeconds: number;
  cached: number;
  /** Trials before `next` that are not done. */
  gaps: TrialRange[];
  /** Wall time of a shard. */
  shardMs: number;
  /** A first guess. */
  secondsPerTrial: number;
  /** Of a search that follows its trials: how many go together, and how many may be on their way. Null for one that follows nothing. */
  follows: { block: number; lag: number } | null;
  budgetSeconds: number;
  direction: Objective['direction'];
}

const PAGE = 1_000;
/** Rough: it only makes the first shards, which end by the clock in any case. */
const SECONDS_PER_BAR = { quick: 5e-9, whole: 1e-7 };

/** Of a trial that has hardly a bar to go. */
const LEAST_SECONDS = 20e-6;

/** Reads what is done of a sweep, whose trials may have so many bars behind them: which trials are done stands in the rows alone, so that its workflow can be started again at any time. */
export function planTrials(ports: Ports) {
  return async ({ sweepId, dataset, bars }: { sweepId: string; dataset: ArtifactRef; bars?: number }): Promise<TrialsPlan> => {
    const { spec, total } = await sweepOf(ports, sweepId);
    const { family } = originOf(ports, spec, dataset);
    const plan = { done: 0, next: 0, cpuSeconds: 0, cached: 0, gaps: [] as TrialRange[] };
    for await (const { first, count, cpuSeconds, cached } of allShards(ports, { sweepId, family })) {
      if (first > plan.next) plan.gaps.push({ from: plan.next, to: first });
      plan.next = first + count;
      plan.done += count;
      plan.cpuSeconds += cpuSeconds;
      plan.cached += cached;
    }
    const isQuick = planOf(spec).figures === QUICK_FIGURES && !ports.modules.has(spec.strategy);
    return {
      ...plan,
      total,
      shardMs: SHARD_MS,
      secondsPerTrial: LEAST_SECONDS + (dataset.rows - (bars ?? 0)) * (isQuick ? SECONDS_PER_BAR.quick : SECONDS_PER_BAR.whole),
      follows: spec.search.kind === 'tpe' ? { block: TPE_BLOCK, lag: TPE_LAG } : null,
      budgetSeconds: spec.budget.cpuSeconds ?? Number.MAX_VALUE,
      direction: spec.objective.direction,
    };
  };
}

/** Every shard of a sweep, in the order of its trials. */
export async function* allShards(
  { results }: Pick<Ports, 'results'>,
  of: Pick<TrialShard, 'sweepId' | 'family'>,
): AsyncGenerator<TrialShard> {
  let from = 0;
  for (;;) {
    const page = await results.shardsOf(of, from, PAGE);
    yield* page;
    const last = page.at(-1);
    if (page.length < PAGE || last === undefined) return;
    from = last.first + last.count;
  }
}
