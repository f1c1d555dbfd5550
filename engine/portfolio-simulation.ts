import type { Bars } from '../shared/bars.ts';
import type { CurveBlock, EndReason, OrderBlock, TradeBlock } from '../shared/series.ts';
import type { AccountSpec } from '../shared/spec.ts';
import { endBar, expireDayOrders } from './broker/bar-end.ts';
import { fillAtClose, fillAtDecision, fillAtOpen, fillWithinBar } from './broker/broker.ts';
import { checkBars } from './check-bars.ts';
import { reserve, takeRows } from './columns.ts';
import { applyActions } from './broker/corporate-actions.ts';
import { createCurveLog, settleLast } from './curve-log.ts';
import { clearEnded, createDesk, initialHoldings, type Holdings } from './broker/desk.ts';
import { resolveInstruments, type InstrumentSpecs } from './instrument.ts';
import { chargeInterest } from './broker/interest.ts';
import { UTC, type ZoneOffsets } from './local-time.ts';
import { callMargin, liquidate } from './broker/margin.ts';
import { createMarket } from './broker/market.ts';
import { seedRandom, type RandomState } from './random.ts';
import { createContext } from './broker/trader-context.ts';
import type { Json, Trader } from './trader.ts';
import { equityNow, grossNow } from './broker/valuation.ts';

export interface PortfolioInput {
  /** The bars of each symbol; their calendars may differ. */
  bars: readonly Bars[];
  trader: Trader;
  account: AccountSpec;
  instruments?: InstrumentSpecs | undefined;
  /** Of the data: it says where a day ends. UTC when left out. */
  zone?: ZoneOffsets | undefined;
  seed?: number | undefined;
  /** Where to go on; without it the simulation starts at the first bar with the account's cash. */
  state?: PortfolioState | undefined;
}

/** All that is needed to go on from `bar` as if nothing had happened. Plain JSON values without NaN, infinities or -0. */
export interface PortfolioState extends Holdings {
  /** Next bar of the merged timeline to simulate. */
  bar: number;
  ended: Exclude<EndReason, 'interrupted'> | null;
  random: RandomState;
  memory: Json;
  /** Lines logged so far. */
  logged: number;
}

export interface LogLine {
  bar: number;
  message: string;
}

export interface PortfolioSimulation {
  /** Bars of the merged timeline. */
  readonly total: number;
  readonly bar: number;
  readonly ended: Exclude<EndReason, 'interrupted'> | null;
  advance(toBar: number): void;
  /** What was appended since the last call. */
  take(): { fromBar: number; curve: CurveBlock; trades: TradeBlock; orders: OrderBlock; logs: LogLine[] };
  state(): PortfolioState;
}

/** A run keeps this many lines; what a strategy says beyond is dropped, and the last line says so. */
const MAX_LINES = 10_000;

/**
 * Simulates a trader on several symbols with one account. The order of events of a bar:
 * fills at the close it was decided on (`same-close`) · interest since the bar before · day orders of yesterday expire · splits and dividends ·
 * fills at the open · stops, targets and resting orders within the bar · fills at the close · the account is marked at the closes · with no
 * equity left the run ends `bankrupt`, with too little of it lots are closed (margin call) · the trader decides.
 */
export function createPortfolioSimulation(input: PortfolioInput): PortfolioSimulation {
  const { bars, trader, account, zone = UTC, seed = 0 } = input;
  if (input.state === undefined) checkBars(bars);
  const market = createMarket(bars, resolveInstruments(bars, account, input.instruments));
  const state = input.state === undefined ? initialState(account.cash, bars.length, seed) : structuredClone(input.state);
  const desk = createDesk(state, market, account);
  const curve = createCurveLog();
  let logs: LogLine[] = [];
  const session = { random: state.random, equity: account.cash, log };
  const context = createContext(desk, session);
  const { times } = market;
  const total = times.length;
  const hasActions = bars.some(({ actions }) => actions !== undefined);
  let takenBar = state.bar;
  market.seek(state.bar);
  if (input.state !== undefined) trader.recall?.(state.memory);
  endAtLastBar();

  function log(message: string): void {
    state.logged++;
    if (state.logged > MAX_LINES) return;
    logs.push({ bar: desk.bar, message: state.logged === MAX_LINES ? 'The log is full: further lines are dropped.' : message });
  }

  function advance(toBar: number): void {
    const end = Math.min(toBar, total);
    reserve(curve, Math.max(0, end - state.bar));
    while (state.bar < end && state.ended === null) simulateBar(state.bar);
    endAtLastBar();
  }

  function simulateBar(bar: number): void {
    const { lots, orders } = state;
    const isIdle = orders.length === 0 && state.target === null && lots.every(isEmpty);
    if (!isIdle && bar > 0) {
      fillAtDecision(desk, bar);
      chargeInterest(desk, times[bar]! - times[bar - 1]!);
    }
    market.toOpens(bar);
    desk.bar = bar;
    if (isIdle) market.toCloses();
    else trade(bar);
    mark();
    state.bar = bar + 1;
    if (session.equity <= 0) goBankrupt(bar);
    else if (bar >= trader.firstDecision) {
      trader.decide(context);
      clearEnded(desk);
    }
  }

  function trade(bar: number): void {
    for (let s = 0; s < bars.length; s++) if (market.trades[s] === 1) state.taken[s] = 0;
    expireDayOrders(desk, zone);
    if (hasActions) applyActions(desk);
    fillAtOpen(desk, bar);
    fillWithinBar(desk, bar);
    market.toCloses();
    fillAtClose(desk, bar);
    endBar(desk);
    callMargin(desk, bar);
  }

  function mark(): void {
    const equity = equityNow(desk);
    session.equity = equity;
    const { length, columns } = curve;
    columns.equity[length] = equity;
    columns.cash[length] = state.cash;
    columns.exposure[length] = grossNow(desk) / equity;
    curve.length = length + 1;
  }

  function goBankrupt(bar: number): void {
    liquidate(desk, bar);
    clearEnded(desk);
    settleLast(curve, state.cash);
    state.ended = 'bankrupt';
  }

  function endAtLastBar(): void {
    if (state.bar >= total) state.ended ??= 'end-of-data';
  }

  return {
    total,
    get bar() {
      return state.bar;
    },
    get ended() {
      return state.ended;
    },
    advance,
    take() {
      const fromBar = takenBar;
      takenBar = state.bar;
      const lines = logs;
      logs = [];
      const points = { ts: times.slice(fromBar, takenBar), ...takeRows(curve) };
      return { fromBar, curve: points, trades: takeRows(desk.trades), orders: takeRows(desk.log), logs: lines };
    },
    state: () => structuredClone({ ...state, memory: trader.memory?.() ?? null }),
  };
}

function isEmpty(lots: readonly unknown[]): boolean {
  return lots.length === 0;
}

function initialState(cash: number, symbols: number, seed: number): PortfolioState {
  return { ...initialHoldings(cash, symbols), bar: 0, ended: null, random: seedRandom(seed), memory: null, logged: 0 };
}
