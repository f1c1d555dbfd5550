import { createTrialTables } from '../artifacts/trial-tables.ts';
import type { ArtifactStore } from '../artifacts/store.ts';
import type { FullRunRow } from '../results/runs.ts';
import type { ResultStore } from '../results/store.ts';
import type { ArtifactRef } from '../shared/artifact.ts';
import { planOf, type SweepPlan } from '../strategies/sweep/plan.ts';
import { rankTrials, rankedIn, rankedNames, type RankedTrials } from '../strategies/sweep/ranked-trials.ts';
import { rowsIn, shardNames } from '../strategies/sweep/shard-columns.ts';

/** The trials of a sweep that are done, ranked. */
export interface SweepTrials {
  plan: SweepPlan;
  trials: RankedTrials;
}

/** Sweeps that are kept decoded: whoever looks at a table looks at its next page too. A hundred thousand trials take ten megabytes. */
const KEPT = 4;
const PAGE = 1_000;

export type TrialsOfSweep = (sweep: FullRunRow<'sweep'>) => Promise<SweepTrials>;

/** Reads the trials of sweeps, also of those that are not done yet. */
export function createSweepTrials({ store, artifacts }: { store: ResultStore; artifacts: ArtifactStore }): TrialsOfSweep {
  const tables = createTrialTables(artifacts);
  const kept = new Map<string, Promise<SweepTrials>>();

  async function read(sweep: FullRunRow<'sweep'>): Promise<SweepTrials> {
    const { spec, result } = sweep;
    const plan = planOf(spec);
    if (result !== null) return { plan, trials: rankedIn(plan, await tables.read([result.table], rankedNames(plan))) };
    const rows = rowsIn(plan, await tables.read(await shardsOf(sweep.id), shardNames(plan)));
    return { plan, trials: rankTrials(plan, spec.objective.direction, rows) };
  }

  async function shardsOf(sweepId: string): Promise<ArtifactRef[]> {
    const family = await store.familyOf(sweepId);
    const refs: ArtifactRef[] = [];
    for (let from = 0; family !== null;) {
      const page = await store.shardsOf({ sweepId, family }, from, PAGE);
      refs.push(...page.map(({ ref }) => ref));
      const last = page.at(-1);
      if (page.length < PAGE || last === undefined) break;
      from = last.first + last.count;
    }
    return refs;
  }

  return (sweep) => {
    const key = `${sweep.id} ${sweep.version}`;
    const trials = kept.get(key) ?? read(sweep);
    kept.delete(key);
    kept.set(key, trials);
    if (kept.size > KEPT) kept.delete(kept.keys().next().value!);
    trials.catch(() => kept.delete(key));
    return trials;
  };
}
