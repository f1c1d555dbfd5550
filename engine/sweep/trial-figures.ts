import { periodsOf, sharpeOf } from '../metrics/conventions.ts';
import { createDailyEquity } from '../metrics/daily-equity.ts';
import { returnSeries, totalReturn } from '../metrics/returns.ts';
import { checkBars } from '../check-bars.ts';
import { isPlainRun, type Decider } from '../run-simulation.ts';
import type { Strategy } from '../strategy.ts';
import { wholeRun, type WholeRun } from '../whole-run.ts';
import type { Bars } from '../../shared/bars.ts';
import type { MetricName } from '../../shared/metrics.ts';
import type { ZoneOffsets } from '../../shared/zone-offsets.ts';
import { createEventRun } from './event-run.ts';

/** The figures that a run from event to event gives. */
const QUICK = ['totalReturn', 'sharpe', 'maxDrawdown', 'trades'] as const satisfies readonly MetricName[];
type Quick = (typeof QUICK)[number];

/** What all trials have in common. */
export type TrialInput = Omit<WholeRun, 'decider'>;

/**
 * The figures of runs of many strategies on the same bars: the same bytes as {@link wholeRun} gives, NaN where
 * that is null. No curve and no trade list is kept. Where only {@link QUICK} figures are asked for, and signals on one symbol are simulated from event
 * to event anyway, bars at which nothing happens cost nothing.
 */
export function createTrialFigures(input: TrialInput, figures: readonly MetricName[]): (decider: Decider, out: Float64Array) => void {
  checkBars(input.bars);
  const isQuick = input.bars.length === 1 && figures.every((figure) => (QUICK as readonly string[]).includes(figure));
  const quick = isQuick ? createQuickFigures(input) : null;
  return (decider, out) => {
    const run = { ...input, decider };
    const strategy = quick !== null && isPlainRun(run) && 'signals' in decider ? decider.signals[0]! : null;
    const values: Partial<Record<MetricName, number | null>> = (strategy && quick!(strategy)) ?? wholeRun(run);
    figures.forEach((figure, index) => (out[index] = values[figure] ?? NaN));
  };
}

function createQuickFigures({
  bars: [bars],
  account,
  metrics,
  zone,
}: TrialInput): (strategy: Strategy) => Record<Quick, number | null> | null {
  const run = createEventRun(bars!, account, zone);
  const conventions = { periodsPerYear: periodsOf(metrics, calendarOf(bars!, zone)), ddof: metrics.ddof };
  return (strategy) => {
    const end = run(strategy);
    if (end.isBankrupt) return null; // its curve ends early, and with it the calendar
    const sharpe = sharpeOf(returnSeries(end.dailyEquity, conventions), metrics);
    return {
      totalReturn: totalReturn(account.cash, end.lastEquity),
      sharpe: Number.isFinite(sharpe) ? sharpe + 0 : null,
      maxDrawdown: end.maxDrawdown + 0,
      trades: end.trades,
    };
  };
}

function calendarOf({ ts, close }: Bars, zone: ZoneOffsets | undefined) {
  const daily = createDailyEquity(zone);
  daily.add(ts, close);
  return daily.finish().calendar;
}
