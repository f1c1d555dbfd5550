import type { Bars } from '../shared/bars.ts';
import type { Holdings } from './book.ts';
import type { CurveLog } from './curve-log.ts';
import { relevantSignals } from './decision.ts';
import type { Position } from './position.ts';

export interface Marks {
  bars: Bars;
  /** Signals of the bars from `blockStart` on. */
  signals: Uint8Array;
  blockStart: number;
  /** Has room for every bar of the block. */
  curve: CurveLog;
}

/**
 * Marks the account at the closes of the bars from `holdings.bar` to `toBar` (exclusive), and stops after the first one at which something has to
 * be decided: a signal that matters in this position, or equity of 0 or less. At least one bar; returns the bar after the last marked one.
 */
export function markBars(marks: Marks, holdings: Holdings & { bar: number }, toBar: number): number {
  const { position, cash, bar } = holdings;
  return position === null ? markFlat(marks, cash, bar, toBar) : markOpen(marks, { cash, position, bar }, toBar);
}

function markFlat({ signals, blockStart, curve }: Marks, cash: number, fromBar: number, toBar: number): number {
  const { equity, cash: cashes, exposure } = curve.columns;
  const relevant = relevantSignals(0);
  let point = curve.length;
  let bar = fromBar;
  while (bar < toBar) {
    equity[point] = cash;
    cashes[point] = cash;
    exposure[point] = 0;
    point++;
    bar++;
    if (cash <= 0 || (signals[bar - 1 - blockStart]! & relevant) !== 0) break;
  }
  curve.length = point;
  return bar;
}

function markOpen(marks: Marks, held: { cash: number; position: Position; bar: number }, toBar: number): number {
  const { signals, blockStart, curve } = marks;
  const { high, low, close } = marks.bars;
  const { equity, cash: cashes, exposure } = curve.columns;
  const { cash, position } = held;
  const { units } = position;
  const relevant = relevantSignals(units);
  let { high: top, low: bottom } = position;
  let { bar } = held;
  let point = curve.length;
  while (bar < toBar) {
    if (high[bar]! > top) top = high[bar]!;
    if (low[bar]! < bottom) bottom = low[bar]!;
    const value = units * close[bar]!;
    const worth = cash + value;
    equity[point] = worth;
    cashes[point] = cash;
    exposure[point] = Math.abs(value) / worth;
    point++;
    bar++;
    if (worth <= 0 || (signals[bar - 1 - blockStart]! & relevant) !== 0) break;
  }
  curve.length = point;
  position.high = top;
  position.low = bottom;
  return bar;
}
