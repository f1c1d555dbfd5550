import { mergeTimes } from '../engine/timeframes/merge-times.ts';
import { createRunSimulation, type RunInput, type RunState } from '../engine/run-simulation.ts';
import { nextUniform, seededState } from '../engine/seeded-random.ts';
import type { Trader } from '../engine/trader.ts';
import type { Bars } from '../shared/bars.ts';
import { CURVE_COLUMNS, ORDER_COLUMNS, type CurveBlock, type OrderBlock } from '../shared/series.ts';
import { HoldfastError } from '../shared/errors.ts';
import { head } from './audit-look-ahead.ts';

/** Data that end early, and how far they are simulated. */
export interface Stage {
  bars: readonly Bars[];
  /** Bars of the merged timeline. */
  until: number;
}

/** What a run did from its first bar on. */
interface Recorded {
  curve: CurveBlock;
  orders: OrderBlock;
}

/** Ends of data beyond which a trader sees nothing: one that looks a bar ahead decides otherwise at each of them with even chances, say. */
const STAGES = 16;
/** Bars from the beginning that are simulated again. */
const MOST_BARS = 20_000;

interface PlanOptions {
  bars: readonly Bars[];
  /** Bars of which it is known what the run did. */
  recorded: number;
  /** Bars that may be gone through, in all. */
  budget: number;
  seed: number;
}

/**
 * Copies of the beginning of the data, each longer than the one before by a random part. They are to be made before any code is loaded that might keep what
 * it gets hold of: with the first stage it then has no way to what the second adds.
 */
export function planStages({ bars, recorded, budget, seed }: PlanOptions): Stage[] {
  // Of each stage all bars are copied, and looked at by its indicators; on average that is half of them.
  const total = Math.min(recorded, MOST_BARS, Math.floor(budget / (1 + STAGES / 2)));
  const count = Math.min(STAGES, total);
  const times = mergeTimes(bars.map(({ ts }) => ts));
  const random = seededState(seed);
  const ends = Array.from({ length: count }, (_, i) => Math.ceil((total / count) * (i + nextUniform(random))));
  const untils = [...new Set([...ends.map((end) => Math.max(1, end)), total])].filter((until) => until > 0);
  return untils.map((until) => ({ until, bars: bars.map((each) => head(each, times[until - 1]!)) }));
}

/** All data at once: what a replay is compared with that came out otherwise. */
export function wholeStage(bars: readonly Bars[], stages: readonly Stage[]): Stage[] {
  return [{ bars, until: stages.at(-1)?.until ?? 0 }];
}

interface ReplayInput extends Omit<RunInput, 'bars' | 'decider' | 'state'> {
  stages: readonly Stage[];
  trader: (bars: readonly Bars[]) => Trader;
  recorded: Recorded;
}

/** The first bar at whose close the trader decides otherwise than it did; null where it is the same throughout. */
export function firstOtherwise({ stages, trader, recorded, ...input }: ReplayInput): number | null {
  let state: RunState | undefined;
  for (const { bars, until } of stages) {
    const run = createRunSimulation({ ...input, bars, decider: { trader: trader(bars) }, state });
    const fromBar = run.bar;
    try {
      run.advance(until);
    } catch (error) {
      // The run came past this bar with more data.
      if (error instanceof HoldfastError) return run.bar - 1;
      throw error;
    }
    const bar = firstDifference(run.take(), recorded, fromBar);
    if (bar !== null) return Math.max(0, bar - 1);
    if (run.ended === 'bankrupt') return null;
    state = reopened(run.state());
  }
  return null;
}

/** Only the data of a stage have ended. */
function reopened(state: RunState): RunState {
  return state.kind === 'orders' ? { kind: 'orders', of: { ...state.of, ended: null } } : state;
}

/** Bar of the first point or order that is another one. */
function firstDifference({ curve, orders }: Recorded, recorded: Recorded, fromBar: number): number | null {
  const toBar = fromBar + curve.ts.length;
  const point = curve.ts.findIndex((_, i) => CURVE_COLUMNS.some((name) => !Object.is(curve[name][i], recorded.curve[name][fromBar + i])));
  const start = firstAt(recorded.orders.bar, fromBar);
  const end = firstAt(recorded.orders.bar, toBar);
  const rows = Math.max(orders.bar.length, end - start);
  const isSame = (row: number): boolean => ORDER_COLUMNS.every((name) => Object.is(orders[name][row], recorded.orders[name][start + row]));
  let row = 0;
  while (row < rows && isSame(row)) row++;
  const ofOrders =
    row < rows ? Math.min(orders.bar[row] ?? Infinity, start + row < end ? recorded.orders.bar[start + row]! : Infinity) : Infinity;
  const first = Math.min(point < 0 ? Infinity : fromBar + point, ofOrders);
  return first === Infinity ? null : first;
}

function firstAt(sorted: Float64Array, bar: number): number {
  const at = sorted.findIndex((each) => each >= bar);
  return at < 0 ? sorted.length : at;
}
