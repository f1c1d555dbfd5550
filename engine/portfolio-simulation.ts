import type { Bars } from '../shared/bars.ts';
import type { CurveBlock, EndReason, LogLine, OrderBlock, PlotBlock, TradeBlock } from '../shared/series.ts';
import type { AccountSpec } from '../shared/spec.ts';
import { createDesk } from './broker/desk.ts';
import { createMarket } from './broker/market.ts';
import { simulateBar, type Run } from './broker/simulate-bar.ts';
import { createContext, type Session } from './broker/trader-context.ts';
import { checkBars } from './check-bars.ts';
import { lendRows, reserve, takeRows, type TakeRows } from './columns.ts';
import { createCurveLog } from './curve-log.ts';
import { resolveInstruments, type InstrumentSpecs } from './instrument.ts';
import { UTC, type ZoneOffsets } from './timeframes/local-time.ts';
import { createPlotLog, type PlotLog } from './plot-log.ts';
import { initialState, type PortfolioState } from './portfolio-state.ts';
import { createRunLog, type RunLog } from './run-log.ts';
import type { Trader } from './trader.ts';

export interface PortfolioInput {
  /** The bars of each symbol; their calendars may differ. */
  bars: readonly Bars[];
  trader: Trader;
  account: AccountSpec;
  /** The times of all bars, merged; given where the bars are streamed. */
  timeline?: Float64Array | undefined;
  /** `data.instruments` of the spec. */
  instruments?: InstrumentSpecs | undefined;
  /** Of the data: it says where a day ends. UTC when left out. */
  zone?: ZoneOffsets | undefined;
  seed?: number | undefined;
  /** Where to go on; without it the simulation starts at the first bar with the account's cash. */
  state?: PortfolioState | undefined;
}

interface Taken {
  fromBar: number;
  curve: CurveBlock;
  trades: TradeBlock;
  orders: OrderBlock;
  logs: LogLine[];
  plots?: PlotBlock;
}

export interface PortfolioSimulation {
  /** Bars of the merged timeline. */
  readonly total: number;
  /** Next bar to simulate. */
  readonly bar: number;
  readonly ended: Exclude<EndReason, 'interrupted'> | null;
  /** Simulates the bars [bar, toBar); stops early when the run has ended. */
  advance(toBar: number): void;
  /** What was appended since the last call. */
  take(): Taken;
  /** The same in arrays that the next call of `advance` writes over: for whoever is done with them by then. */
  lend(): Taken;
  state(): PortfolioState;
}

/**
 * Simulates a trader on several symbols with one account; what happens in a bar stands at {@link simulateBar}. Throws `bad_data` for bars that
 * nobody can trade on, and `invalid_spec` where a currency cannot be converted.
 */
export function createPortfolioSimulation(input: PortfolioInput): PortfolioSimulation {
  const run = startRun(input);
  const { state, desk, curve, trader } = run;
  const { times } = desk.market;
  const total = times.length;
  let takenBar = state.bar;
  endAtLastBar();

  function endAtLastBar(): void {
    if (state.bar >= total) state.ended ??= 'end-of-data';
  }

  function appended(rows: TakeRows, ts: Float64Array): Taken {
    const fromBar = takenBar;
    takenBar = state.bar;
    return {
      fromBar,
      curve: { ts, ...rows(curve) },
      trades: rows(desk.trades),
      orders: rows(desk.log),
      logs: run.log.take(),
      ...run.plots.take(),
    };
  }

  return {
    total,
    get bar() {
      return state.bar;
    },
    get ended() {
      return state.ended;
    },
    advance(toBar) {
      const end = Math.min(toBar, total);
      reserve(curve, Math.max(0, end - state.bar));
      while (state.bar < end && state.ended === null) simulateBar(run);
      endAtLastBar();
    },
    take: () => appended(takeRows, times.slice(takenBar, state.bar)),
    lend: () => appended(lendRows, times.subarray(takenBar, state.bar)),
    state: () => structuredClone({ ...state, memory: trader.memory?.() ?? null }),
  };
}

function startRun(input: PortfolioInput): Run & { log: RunLog; plots: PlotLog } {
  const { bars, trader, account, zone = UTC, seed = 0 } = input;
  if (input.state === undefined) checkBars(bars);
  const market = createMarket(bars, resolveInstruments(bars, account, input.instruments), input.timeline);
  const symbols = bars.length;
  const state = input.state === undefined ? initialState({ cash: account.cash, symbols, seed }) : structuredClone(input.state);
  market.seek(state.bar);
  if (input.state !== undefined) trader.recall?.(state.memory);
  const desk = createDesk(state, market, account);
  const hasUniverse = bars.some(({ membership }) => membership !== undefined);
  const log = createRunLog(state, desk);
  const plots = createPlotLog(state.plots);
  const session: Session = { random: state.random, equity: account.cash, log: log.add, plot: plots.add };
  const hasActions = bars.some(({ actions }) => actions !== undefined);
  return {
    state,
    desk,
    trader,
    session,
    context: createContext(desk, session),
    curve: createCurveLog(),
    zone,
    hasActions,
    hasUniverse,
    log,
    plots,
  };
}
