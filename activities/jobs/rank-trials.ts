import { createHash } from 'node:crypto';
import type { TrialTables } from '../../artifacts/trial-tables.ts';
import type { ArtifactRef } from '../../shared/artifact.ts';
import type { StoredSweepResult } from '../../shared/sweep.ts';
import type { SweepSpec } from '../../shared/sweep-spec.ts';
import type { SweepPlan } from '../../strategies/sweep/plan.ts';
import { bestRows, rankTrials, rankedNames, trialAt } from '../../strategies/sweep/ranked-trials.ts';
import { rowsIn, shardNames } from '../../strategies/sweep/shard-columns.ts';

/** All shards of a sweep, in the order of the trials. */
export interface RankJob {
  owner: string;
  spec: SweepSpec;
  shards: readonly ArtifactRef[];
}

export interface Ranking extends Pick<StoredSweepResult, 'best' | 'top' | 'table'> {
  /** SHA-256 of all trials and their figures. */
  resultHash: string;
}

const TOP = 10;

/** Puts the shards of a sweep together, and says which trials are the best. */
export async function rankAll(
  { trialTables, planOf }: { trialTables: TrialTables; planOf: (spec: SweepSpec) => SweepPlan },
  { owner, spec, shards }: RankJob,
): Promise<Ranking> {
  const plan = planOf(spec);
  const names = shardNames(plan);
  const columns = await trialTables.read(shards, names);
  const ranked = rankTrials(plan, spec.objective.direction, rowsIn(plan, columns));
  const { objective, rank, robust, neighbours } = ranked;
  const table = await trialTables.together((write) => write(owner, rankedNames(plan), { ...columns, objective, rank, robust, neighbours }));
  const top = bestRows(ranked, TOP).map((row) => trialAt(plan, ranked, row));
  const hash = createHash('sha256');
  for (const name of names) if (name !== 'cached') hash.update(name).update(columns[name]!);
  return { best: top[0] ?? null, top, table, resultHash: hash.digest('hex') };
}
