import { createHash } from 'node:crypto';
import { periodsOf } from '../../engine/metrics/conventions.ts';
import { createDailyEquity } from '../../engine/metrics/daily-equity.ts';
import type { CountedTrial } from '../../results/ledger.ts';
import type { Dataset } from '../../shared/bars.ts';
import { canonicalJson } from '../../shared/canonical-json.ts';
import type { BacktestSpec, MetricSpec } from '../../shared/spec.ts';
import type { Params } from '../../shared/strategy.ts';

interface Done {
  trials: readonly Params[];
  known: Uint8Array;
  /** A year. */
  sharpe: Float64Array;
}

type Common = Pick<BacktestSpec, 'strategy' | 'account' | 'data'>;

/** Those of the trials that were computed, as the ledger counts them: the same trial on other bars is no other one. */
export function countedTrials(spec: Common & { metrics: MetricSpec }, dataset: Dataset, { trials, known, sharpe }: Done): CountedTrial[] {
  const common = commonOf(spec);
  const root = Math.sqrt(periodsIn(spec.metrics, dataset));
  return trials.flatMap((params, trial) => (known[trial] === 1 ? [] : [counted(common, params, sharpe[trial]! / root)]));
}

/** A backtest is a trial, too: the same one as a sweep's with its parameters. Null periods: its Sharpe ratio a period is not known. */
export function countedBacktest(spec: Common, sharpe: number | null, periods: number | null): CountedTrial {
  return counted(commonOf(spec), spec.strategy.params, sharpe === null || periods === null ? NaN : sharpe / Math.sqrt(periods));
}

/** Daily returns a year, by the bars of the first symbol. */
export function periodsIn(metrics: MetricSpec, { instruments, zone }: Dataset): number {
  const daily = createDailyEquity(zone);
  const [bars] = instruments;
  daily.add(bars!.ts, bars!.close);
  return periodsOf(metrics, daily.finish().calendar);
}

function commonOf({ strategy: { name, rules }, account, data: { timeframe } }: Common): string {
  return canonicalJson({ name, rules, account, timeframe });
}

function counted(common: string, params: Params, ratio: number): CountedTrial {
  const hash = createHash('sha256').update(common).update(canonicalJson(params));
  return { name: hash.digest('base64url').slice(0, 22), sharpe: Number.isFinite(ratio) ? ratio : null };
}
