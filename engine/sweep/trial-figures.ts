import { periodsOf, sharpeOf } from '../metrics/conventions.ts';
import { createMetrics } from '../metrics/metrics.ts';
import { createDailyEquity } from '../metrics/daily-equity.ts';
import { returnSeries, totalReturn } from '../metrics/returns.ts';
import { checkBars } from '../check-bars.ts';
import { openTrades } from '../open-trades.ts';
import { createSimulation } from '../simulation.ts';
import type { Strategy } from '../strategy.ts';
import type { Bars } from '../../shared/bars.ts';
import type { MetricName } from '../../shared/metrics.ts';
import type { AccountSpec, MetricSpec } from '../../shared/spec.ts';
import type { ZoneOffsets } from '../../shared/zone-offsets.ts';
import { createEventRun } from './event-run.ts';

/** The figures that a run from event to event gives. */
const QUICK = ['totalReturn', 'sharpe', 'maxDrawdown', 'trades'] as const satisfies readonly MetricName[];
type Quick = (typeof QUICK)[number];

export interface TrialInput {
  bars: Bars;
  /** One that {@link isPlainRun} lets through. */
  account: AccountSpec;
  /** Conventions of the figures. */
  metrics: MetricSpec;
  /** Of the data: it says where a day ends. UTC when left out. */
  zone?: ZoneOffsets | undefined;
}

/**
 * The figures of runs of many strategies on the same bars: the same bytes as {@link createMetrics} gives for a whole run, NaN where that is null.
 * No curve and no trade list is kept. Where only {@link QUICK} figures are asked for, bars at which nothing happens cost nothing.
 */
export function createTrialFigures(input: TrialInput, figures: readonly MetricName[]): (strategy: Strategy, out: Float64Array) => void {
  checkBars([input.bars]);
  const isQuick = figures.every((figure) => (QUICK as readonly string[]).includes(figure));
  const quick = isQuick ? createQuickFigures(input) : null;
  return (strategy, out) => {
    const values = quick?.(strategy) ?? wholeFigures(input, strategy);
    figures.forEach((figure, index) => (out[index] = values[figure as Quick] ?? NaN));
  };
}

function createQuickFigures({ bars, account, metrics, zone }: TrialInput): (strategy: Strategy) => Record<Quick, number | null> | null {
  const run = createEventRun(bars, account, zone);
  const conventions = { periodsPerYear: periodsOf(metrics, calendarOf(bars, zone)), ddof: metrics.ddof };
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

/** Points of the curve that are held at once. */
const BLOCK = 65_536;

function wholeFigures(
  { bars, account, metrics: conventions, zone }: TrialInput,
  strategy: Strategy,
): Partial<Record<MetricName, number | null>> {
  const simulation = createSimulation({ bars, strategy, account });
  const metrics = createMetrics({ cash: account.cash, metrics: conventions, zone });
  while (simulation.ended === null) {
    simulation.advance(simulation.bar + BLOCK);
    const { curve, trades } = simulation.take();
    metrics.addCurve(curve);
    metrics.addTrades(trades);
  }
  metrics.addTrades(openTrades(simulation.state(), bars));
  return metrics.finish();
}
