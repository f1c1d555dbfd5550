import type { TrialTables } from '../../artifacts/trial-tables.ts';
import type { ArtifactRef } from '../../shared/artifact.ts';
import type { NightRanking } from '../../shared/schedule.ts';
import type { SweepSpec } from '../../shared/sweep-spec.ts';
import { compareRankings, type NightOfTrials } from '../../strategies/sweep/compare-rankings.ts';
import type { SweepPlan } from '../../strategies/sweep/plan.ts';
import { rankedIn, rankedNames } from '../../strategies/sweep/ranked-trials.ts';

/** A sweep that has ended: its spec, and the table of its trials. */
interface Ranked {
  spec: SweepSpec;
  table: ArtifactRef;
}

export interface CompareRanksJob {
  /** The sweep of the night before; null where there is none. */
  before: Ranked | null;
  after: Ranked;
}

/** What changed among the best trials since the night before. */
export async function compareRanks(
  { trialTables, planOf }: { trialTables: TrialTables; planOf: (spec: SweepSpec) => SweepPlan },
  { before, after }: CompareRanksJob,
): Promise<NightRanking> {
  const read = async ({ spec, table }: Ranked): Promise<NightOfTrials> => {
    const plan = planOf(spec);
    return { spec, plan, trials: rankedIn(plan, await trialTables.read([table], rankedNames(plan))) };
  };
  return compareRankings(before && (await read(before)), await read(after));
}
