import type { TrialTables } from '../../artifacts/trial-tables.ts';
import type { Points } from '../../engine/search/points.ts';
import { HoldfastError } from '../../shared/errors.ts';
import type { ArtifactRef } from '../../shared/artifact.ts';
import type { MetricName } from '../../shared/metrics.ts';
import type { SweepPlan } from '../../strategies/sweep/plan.ts';
import { endAt, namesWithEnds, rowsIn, type TrialRows } from '../../strategies/sweep/shard-columns.ts';

/** Trials of the night before, which had the first of these bars. */
export interface TrialsBefore {
  bars: number;
  shards: readonly { first: number; count: number; ref: ArtifactRef }[];
}

/** How one of them ended. */
export interface EndBefore {
  end: Float64Array;
  figure: (name: MetricName) => number;
}

/**
 * How each of the trials, of which `first` is the number of the first one, ended in the night before: null for one that was not tried then, or is not known how. Where
 * files are lost, all of them are null.
 */
export async function endsBefore(
  trialTables: Pick<TrialTables, 'read'>,
  plan: SweepPlan,
  { first, points, shards }: { first: number; points: Points; shards: TrialsBefore['shards'] },
): Promise<(EndBefore | null)[]> {
  const ends = Array.from<EndBefore | null>({ length: points.count }).fill(null);
  try {
    for (const shard of shards) {
      const columns = await trialTables.read([shard.ref], namesWithEnds(plan));
      const rows = rowsIn(plan, columns);
      const to = Math.min(points.count, shard.first + shard.count - first);
      for (let trial = Math.max(0, shard.first - first); trial < to; trial++) {
        const row = first + trial - shard.first;
        const end = isSame(rows, row, points, trial) ? endAt(columns, row) : null;
        ends[trial] = end && { end, figure: (name) => rows.figures[name]![row]! };
      }
    }
    return ends;
  } catch (error) {
    if (error instanceof HoldfastError && (error.code === 'artifact_missing' || error.code === 'artifact_damaged')) return ends.fill(null);
    throw error;
  }
}

/** The same parameters: by the same spec the same number, unless a version of the service counted otherwise. */
function isSame({ trial, points }: TrialRows, row: number, others: Points, other: number): boolean {
  return trial[row] !== undefined && points.columns.every((column, k) => column[row] === others.columns[k]![other]);
}
