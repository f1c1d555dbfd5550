import type { Bars } from '../shared/bars.ts';
import type { CurveBlock, EndReason, LogLine, OrderBlock, PlotBlock, TradeBlock } from '../shared/series.ts';
import type { AccountSpec } from '../shared/spec.ts';
import type { InstrumentSpecs } from './instrument.ts';
import type { ZoneOffsets } from './timeframes/local-time.ts';
import { openLots } from './open-lots.ts';
import { openTrades } from './open-trades.ts';
import { createPortfolioSimulation, type PortfolioSimulation } from './portfolio-simulation.ts';
import type { PortfolioState } from './portfolio-state.ts';
import { createSignalTrader } from './signal-trader.ts';
import { createSimulation, type Simulation, type SimulationState } from './simulation.ts';
import type { Indicators, Strategy } from './strategy.ts';
import type { Trader } from './trader.ts';

/** What decides in a run: the signals of each symbol in the order of the bars (null: not traded), or a trader for all of them. */
export type Decider = ({ readonly signals: readonly (Strategy | null)[] } | { readonly trader: Trader }) & {
  /** What is looked at of each symbol, where the strategies do not say so themselves. */
  readonly indicators?: readonly Indicators[];
};

export interface RunInput {
  /** What is traded; a benchmark that is not stands elsewhere. */
  bars: readonly Bars[];
  decider: Decider;
  account: AccountSpec;
  /** The times of all bars, merged; given where the bars are streamed. */
  timeline?: Float64Array | undefined;
  /** `data.instruments` of the spec. */
  instruments?: InstrumentSpecs | undefined;
  zone?: ZoneOffsets | undefined;
  seed?: number | undefined;
  /** Where to go on; without it the run starts at the first bar. */
  state?: RunState | undefined;
}

/** A checkpoint of either simulation. Plain JSON values without NaN, infinities or -0. */
export type RunState =
  | { readonly kind: 'signals'; readonly of: SimulationState }
  | { readonly kind: 'orders'; readonly of: PortfolioState };

/** What a run appended since it was last asked. */
interface Appended {
  fromBar: number;
  curve: CurveBlock;
  trades: TradeBlock;
  orders: OrderBlock;
  logs: LogLine[];
  /** Absent where no value was noted. */
  plots?: PlotBlock;
}

export interface RunSimulation {
  /** Bars of the merged timeline. */
  readonly total: number;
  /** Next bar to simulate. */
  readonly bar: number;
  readonly ended: Exclude<EndReason, 'interrupted'> | null;
  /** Simulates the bars [bar, toBar); stops early when the run has ended. */
  advance(toBar: number): void;
  take(): Appended;
  /** The same in arrays that the next call of `advance` writes over: for whoever is done with them by then. */
  lend(): Appended;
  state(): RunState;
}

/**
 * The simulation of a run. Signals on one symbol whose account asks for nothing else are simulated from event to event, all else bar by bar; where
 * both can do it they give the same bytes. A run goes on in the simulation that its checkpoint is of.
 */
export function createRunSimulation(input: RunInput): RunSimulation {
  const { bars, timeline, decider, account, instruments, zone, seed, state } = input;
  if (state === undefined ? isPlainRun(input) : state.kind === 'signals') {
    const strategy = (decider as { signals: readonly Strategy[] }).signals[0]!;
    const simulation = createSimulation({ bars: bars[0]!, strategy, account, ...(state && { state: state.of as SimulationState }) });
    return runOf(simulation, () => ({ kind: 'signals', of: simulation.state() }));
  }
  const trader = 'trader' in decider ? decider.trader : createSignalTrader(decider.signals, bars);
  const of = state?.of as PortfolioState | undefined;
  const simulation = createPortfolioSimulation({ bars, timeline, trader, account, instruments, zone, seed, state: of });
  return runOf(simulation, () => ({ kind: 'orders', of: simulation.state() }));
}

/** Whether the simulation of signals covers all that the run asks for. */
export function isPlainRun({ bars, decider, account, instruments }: RunInput): boolean {
  const [only, another] = bars;
  if (!('signals' in decider) || decider.signals[0] === null || only === undefined || another !== undefined) return false;
  return only.actions === undefined && only.membership === undefined && instruments?.[only.symbol] === undefined && isPlainAccount(account);
}

function isPlainAccount({ fill, hedging, slippage, interest, maintenanceMargin, limits }: AccountSpec): boolean {
  const isWithoutVolume = slippage.impact === 0 && slippage.maxVolumeShare === undefined;
  const isWithoutInterest = interest.borrow === 0 && interest.margin === 0;
  const isWithoutLimits = maintenanceMargin === 0 && limits.position === undefined && limits.exposure === undefined;
  return fill === 'next-open' && !hedging && isWithoutVolume && isWithoutInterest && isWithoutLimits;
}

function runOf(simulation: Simulation | PortfolioSimulation, state: () => RunState): RunSimulation {
  return {
    total: simulation.total,
    get bar() {
      return simulation.bar;
    },
    get ended() {
      return simulation.ended;
    },
    advance: (toBar) => simulation.advance(toBar),
    take: () => ({ logs: [], ...simulation.take() }),
    lend: () => ({ logs: [], ...simulation.lend() }),
    state,
  };
}

/** What is still open at a checkpoint, marked at the last closes: {@link openTrades} or {@link openLots}. */
export function openPositions(state: RunState, input: Pick<RunInput, 'bars' | 'timeline' | 'account' | 'instruments'>): TradeBlock {
  return state.kind === 'signals' ? openTrades(state.of, input.bars[0]!) : openLots(state.of, input);
}

/** The bars at which what is open was entered: the only ones before a checkpoint's whose times are still needed. */
export function entryBars(state: RunState): number[] {
  const entries = state.kind === 'signals' ? [state.of.position] : state.of.lots.flat();
  return entries.flatMap((entry) => (entry === null ? [] : [entry.entryBar]));
}

/** What was looked at to decide on each symbol. */
export function indicatorsOf(decider: Decider, symbol: number): Indicators {
  const ofStrategy = 'signals' in decider ? decider.signals[symbol]?.indicators : undefined;
  return decider.indicators?.[symbol] ?? ofStrategy ?? {};
}

/** The words that `entryTag` counts in; the first is the empty one. */
export function tagsOf(state: RunState): readonly string[] {
  return state.kind === 'signals' ? [''] : state.of.tags;
}

/** The words that the names of {@link PlotBlock} count in. */
export function plotNamesOf(state: RunState): readonly string[] {
  return state.kind === 'signals' ? [] : state.of.plots.names;
}
