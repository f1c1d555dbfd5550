import type { Bars } from '../shared/bars.ts';
import type { CurveBlock, EndReason, OrderBlock, TradeBlock } from '../shared/series.ts';
import type { AccountSpec } from '../shared/spec.ts';
import { createBook, type Holdings } from './book.ts';
import { lendRows, reserve, takeRows, type TakeRows } from './columns.ts';
import { createCurveLog, lastEquity, settleLast } from './curve-log.ts';
import { decide } from './decision.ts';
import { markBars } from './mark.ts';
import { createSignalReader, nextEvent, signalAt } from './signal-bits.ts';
import type { Strategy } from './strategy.ts';

export interface SimulationInput {
  bars: Bars;
  strategy: Strategy;
  account: AccountSpec;
  /** Where to go on; without it the simulation starts at bar 0 with the account's cash. */
  state?: SimulationState;
}

/** All that is needed to go on from `bar` as if nothing had happened. Plain JSON values without NaN, infinities or -0. */
export interface SimulationState extends Holdings {
  /** Next bar to simulate. */
  bar: number;
  ended: Exclude<EndReason, 'interrupted'> | null;
}

interface Taken {
  fromBar: number;
  curve: CurveBlock;
  trades: TradeBlock;
  orders: OrderBlock;
}

export interface Simulation {
  /** Number of bars. */
  readonly total: number;
  /** Next bar to simulate. */
  readonly bar: number;
  readonly ended: Exclude<EndReason, 'interrupted'> | null;
  /** Simulates the bars [bar, toBar); stops early when the run has ended. */
  advance(toBar: number): void;
  /** The equity points, closed trades and rows of the order log that were appended since the last call. */
  take(): Taken;
  /** The same in arrays that the next call of `advance` writes over: for whoever is done with them by then. */
  lend(): Taken;
  state(): SimulationState;
}

/** Bars whose signals are computed at once: small enough for the cache, large enough to make the call free. */
const BLOCK = 4_096;

/**
 * Simulates one strategy on one symbol. The order of events in bar i: the order given at the close of bar i-1 fills at the open; the
 * account is marked at the close; where its equity is 0 or less, the run ends `bankrupt`; else the strategy decides.
 */
export function createSimulation({ bars, strategy, account, state: start }: SimulationInput): Simulation {
  const total = bars.ts.length;
  const state = start ? copyOf(start) : initialState(account.cash);
  const book = createBook(state, account, bars);
  const curve = createCurveLog();
  const read = createSignalReader(BLOCK);
  const seen = new Float64Array(1);
  let takenBar = state.bar;
  endAtLastBar(state, total);

  function advance(toBar: number): void {
    const end = Math.min(toBar, total);
    reserve(curve, Math.max(0, end - state.bar));
    while (state.bar < end && state.ended === null) {
      const blockEnd = Math.min(end, state.bar + BLOCK);
      seen[0] = readAhead(bars.open, state.bar, blockEnd) + readAhead(bars.ts, state.bar, blockEnd);
      simulateBlock(state.bar, blockEnd);
    }
    endAtLastBar(state, total);
  }

  /** From event to event: between two fills nothing changes but prices, so the bars in between are marked in one tight loop. */
  function simulateBlock(start: number, end: number): void {
    const bits = read(strategy, start, end);
    while (state.bar < end && state.ended === null) {
      book.fillOrder(state.bar);
      const side = Math.sign(state.position?.units ?? 0);
      const event = start + nextEvent(bits, side, { from: Math.max(state.bar, strategy.firstDecision) - start, total: end - start });
      // An order that found no price waits for the next bar.
      const to = state.order === null ? Math.min(event + 1, end) : state.bar + 1;
      state.bar = markBars(bars, curve, state, to);
      if (lastEquity(curve) <= 0) {
        book.liquidate(state.bar - 1);
        settleLast(curve, state.cash);
        state.ended = 'bankrupt';
      } else if (event < to) {
        const target = decide(signalAt(bits, event - start), side);
        if (target !== null) state.order = { target, id: state.nextOrder++ };
      }
    }
  }

  function appended(rows: TakeRows, ts: Float64Array): Taken {
    const fromBar = takenBar;
    takenBar = state.bar;
    return { fromBar, curve: { ts, ...rows(curve) }, ...book.take(rows) };
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
    take: () => appended(takeRows, bars.ts.slice(takenBar, state.bar)),
    lend: () => appended(lendRows, bars.ts.subarray(takenBar, state.bar)),
    state: () => copyOf(state),
  };
}

/** Doubles in a line of the processor's cache. */
const LINE = 8;

/**
 * Reads every line of a part of a column once: in order that is quick, while each of the few values that fills need would be waited for. The sum
 * means nothing, but must be used, or else nothing would be read.
 */
function readAhead(column: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i += LINE) sum += column[i]!;
  return sum;
}

function initialState(cash: number): SimulationState {
  return { bar: 0, ended: null, cash, position: null, order: null, dropped: 0, nextOrder: 1 };
}

function copyOf(state: SimulationState): SimulationState {
  return { ...state, position: state.position && { ...state.position }, order: state.order && { ...state.order } };
}

function endAtLastBar(state: SimulationState, total: number): void {
  if (state.bar >= total) state.ended ??= 'end-of-data';
}
