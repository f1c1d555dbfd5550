import { appendRows, takeRows } from '../../engine/columns.ts';
import { createRunSimulation, type Decider } from '../../engine/run-simulation.ts';
import { createTradeLog } from '../../engine/trade-log.ts';
import { wholeRun } from '../../engine/whole-run.ts';
import type { Bars } from '../../shared/bars.ts';
import type { Metrics } from '../../shared/metrics.ts';
import type { TradeBlock } from '../../shared/series.ts';
import { AccountSpec, MetricSpec, StrategySpec } from '../../shared/spec.ts';
import { prepareDecider } from '../../strategies/catalog.ts';
import { prepareTrials } from '../../strategies/sweep/run-trials.ts';

/** Windows of the fast and of the slow average. */
export type Pair = readonly [fast: number, slow: number];

/** What the engines are compared by, one element a pair. */
export interface Figures {
  totalReturn: number[];
  /** As a positive fraction. */
  maxDrawdown: number[];
  trades: number[];
  /** By each engine's own convention. */
  sharpe: (number | null)[];
}

/** Bars that are simulated at once where nothing is done with them. */
const BLOCK = 16_384;

const ACCOUNT = AccountSpec.parse({ fees: { relative: 0.001 }, sizing: { kind: 'units', units: 1 } });
const CONVENTIONS = MetricSpec.parse({});

/** Long while the fast average is above the slow one, from crossing to crossing. */
export function crossing(bars: Bars, [fast, slow]: Pair): Decider {
  return prepareDecider({ name: 'sma-cross', params: { fast, slow } }, [bars]);
}

/** The steps of a run from bars to its result: curve with drawdown, list of trades, every metric. */
export function runOnce(bars: Bars, pair: Pair): { metrics: Metrics; trades: TradeBlock } {
  return finishRun(bars, crossing(bars, pair));
}

/** The bars alone: orders, fills and the curve, without a metric. */
export function simulateOnly(bars: Bars, decider: Decider): void {
  const simulation = createRunSimulation({ bars: [bars], decider, account: ACCOUNT });
  while (simulation.ended === null) {
    simulation.advance(simulation.bar + BLOCK);
    simulation.lend();
  }
}

export function finishRun(bars: Bars, decider: Decider): { metrics: Metrics; trades: TradeBlock } {
  const trades = createTradeLog();
  const run = { bars: [bars], decider, account: ACCOUNT, metrics: CONVENTIONS };
  const metrics = wholeRun(run, (piece) => appendRows(trades, piece.trades));
  return { metrics, trades: takeRows(trades) };
}

/** The same as rules, which are read once and get the windows as parameters. */
const window = { type: 'integer', min: 1, max: 1_000, description: 'Bars in the average' } as const;
const strategy = StrategySpec.parse({
  rules: {
    params: { fast: window, slow: window },
    let: { f: 'sma(close, fast)', s: 'sma(close, slow)' },
    enterLong: 'crossOver(f, s)',
    exitLong: 'crossUnder(f, s)',
  },
});

/** The figures of one trial for each pair, in their order, as a sweep of rules gets them. */
export function sweep(bars: Bars, pairs: readonly Pair[]): Figures {
  return prepareSweep(bars)(pairs);
}

/** The same for some of the pairs at a time. */
export function prepareSweep(bars: Bars): (pairs: readonly Pair[]) => Figures {
  const figures = ['totalReturn', 'maxDrawdown', 'trades', 'sharpe'] as const;
  const run = prepareTrials({ bars: [bars], strategy, account: ACCOUNT, metrics: CONVENTIONS, figures });
  return (pairs) => {
    const { totalReturn, maxDrawdown, trades, sharpe } = run(pairs.map(([fast, slow]) => ({ fast, slow }))).columns;
    return { totalReturn: [...totalReturn!], maxDrawdown: Array.from(maxDrawdown!, Math.abs), trades: [...trades!], sharpe: [...sharpe!] };
  };
}

export function figuresOf(rows: readonly Metrics[]): Figures {
  return {
    totalReturn: rows.map(({ totalReturn }) => totalReturn ?? NaN),
    maxDrawdown: rows.map(({ maxDrawdown }) => Math.abs(maxDrawdown ?? NaN)),
    trades: rows.map(({ trades }) => trades),
    sharpe: rows.map(({ sharpe }) => sharpe),
  };
}
