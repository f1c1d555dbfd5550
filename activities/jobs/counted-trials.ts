import { createHash } from 'node:crypto';
import { periodsOf } from '../../engine/metrics/conventions.ts';
import { createDailyEquity } from '../../engine/metrics/daily-equity.ts';
import type { CountedTrial } from '../../results/ledger.ts';
import type { Dataset } from '../../shared/bars.ts';
import { canonicalJson } from '../../shared/canonical-json.ts';
import type { Params } from '../../shared/strategy.ts';
import type { SweepSpec } from '../../shared/sweep-spec.ts';

interface Done {
  trials: readonly Params[];
  known: Uint8Array;
  /** A year. */
  sharpe: Float64Array;
}

/** Those of the trials that were computed, as the ledger counts them: the same trial on other bars is no other one. */
export function countedTrials(
  { strategy, account, data, metrics }: SweepSpec,
  dataset: Dataset,
  { trials, known, sharpe }: Done,
): CountedTrial[] {
  const { name, rules } = strategy;
  const { timeframe } = data;
  const common = canonicalJson({ name, rules, account, timeframe });
  const daily = createDailyEquity(dataset.zone);
  const [bars] = dataset.instruments;
  daily.add(bars!.ts, bars!.close);
  const root = Math.sqrt(periodsOf(metrics, daily.finish().calendar));
  return trials.flatMap((params, trial) => {
    if (known[trial] === 1) return [];
    const hash = createHash('sha256').update(common).update(canonicalJson(params));
    const ratio = sharpe[trial]! / root;
    return [{ name: hash.digest('base64url').slice(0, 22), sharpe: Number.isFinite(ratio) ? ratio : null }];
  });
}
