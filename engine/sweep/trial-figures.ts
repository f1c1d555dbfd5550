import { periodsOf, sharpeOf } from '../metrics/conventions.ts';
import { createDailyEquity } from '../metrics/daily-equity.ts';
import { totalReturn } from '../metrics/returns.ts';
import { checkBars } from '../check-bars.ts';
import { isPlainRun, type Decider } from '../run-simulation.ts';
import type { Strategy } from '../strategy.ts';
import { wholeRun, type WholeRun } from '../whole-run.ts';
import type { Bars } from '../../shared/bars.ts';
import type { MetricName } from '../../shared/metrics.ts';
import type { ZoneOffsets } from '../../shared/zone-offsets.ts';
import { BANKRUPT_END, createEventRuns, type EventRun, type GoOn } from './event-run.ts';

/** The figures that a run from event to event gives. */
export const QUICK_FIGURES = ['totalReturn', 'sharpe', 'maxDrawdown', 'trades'] as const satisfies readonly MetricName[];
type Quick = (typeof QUICK_FIGURES)[number];

/** What all trials have in common. */
export type TrialInput = Omit<WholeRun, 'decider'>;

export interface TrialFigures {
  /** In the order of their names. */
  figures: Float64Array;
  /** By RUN_END, what a run of these and later bars goes on from; null where it has to begin at the first one. */
  end: Float64Array | null;
}

/**
 * The figures of runs of many strategies on the same bars: the same bytes as {@link wholeRun} gives, NaN where
 * that is null. No curve and no trade list is kept. Where only {@link QUICK_FIGURES} figures are asked for, and signals on one symbol are simulated from event
 * to event anyway, bars at which nothing happens cost nothing, and runs can go on where those of fewer bars have ended.
 */
export function createTrialFigures(
  input: TrialInput,
  figures: readonly MetricName[],
): (deciders: readonly Decider[], goOn?: GoOn) => TrialFigures[] {
  checkBars(input.bars);
  const isQuick = input.bars.length === 1 && figures.every((figure) => (QUICK_FIGURES as readonly string[]).includes(figure));
  const quick = isQuick ? createQuickFigures(input) : null;
  const areQuick = (deciders: readonly Decider[]): deciders is { signals: [Strategy] }[] =>
    deciders.every((decider) => isPlainRun({ ...input, decider }));
  return (deciders, goOn) => {
    const found =
      quick !== null && areQuick(deciders)
        ? quick(
            deciders.map(({ signals }) => signals[0]),
            goOn,
          )
        : null;
    return deciders.map((decider, trial) => {
      const own = found?.[trial] ?? null;
      const values: Partial<Record<MetricName, number | null>> = own?.figures ?? wholeRun({ ...input, decider });
      const end = own?.end ?? (found === null ? null : BANKRUPT_END);
      return { figures: Float64Array.from(figures, (figure) => values[figure] ?? NaN), end };
    });
  };
}

function createQuickFigures({
  bars: [bars],
  account,
  metrics,
  zone,
}: TrialInput): (strategies: readonly Strategy[], goOn?: GoOn) => ({ figures: Record<Quick, number | null>; end: Float64Array } | null)[] {
  const run = createEventRuns(bars!, account, zone);
  const conventions = { periodsPerYear: periodsOf(metrics, calendarOf(bars!, zone)), ddof: metrics.ddof };
  const figuresOf = ({ lastEquity, moments, growth, maxDrawdown, trades }: EventRun) => {
    const sharpe = sharpeOf({ moments, growth, ...conventions }, metrics);
    return {
      totalReturn: totalReturn(account.cash, lastEquity),
      sharpe: Number.isFinite(sharpe) ? sharpe + 0 : null,
      maxDrawdown: maxDrawdown + 0,
      trades,
    };
  };
  // The curve of a bankrupt run ends early, and with it the calendar.
  return (strategies, goOn) => run(strategies, goOn).map((each) => each && { figures: figuresOf(each), end: each.end });
}

function calendarOf({ ts, close }: Bars, zone: ZoneOffsets | undefined) {
  const daily = createDailyEquity(zone);
  daily.add(ts, close);
  return daily.finish().calendar;
}
