import type { Bars } from '../shared/bars.ts';
import type { Holdings } from './book.ts';
import type { CurveLog } from './curve-log.ts';
import type { Position } from './position.ts';

/**
 * Marks the account at the closes of the bars from `holdings.bar` to `toBar` (exclusive), and stops after the first one at which no equity is left. At
 * least one bar; returns the bar after the last marked one. `curve` has room for every bar.
 */
export function markBars(bars: Bars, curve: CurveLog, holdings: Holdings & { bar: number }, toBar: number): number {
  const { position, cash, bar } = holdings;
  if (position !== null) return markOpen(bars, curve, { cash, position, bar }, toBar);
  const end = cash > 0 ? toBar : bar + 1;
  markFlat(curve, cash, end - bar);
  return end;
}

function markFlat(curve: CurveLog, cash: number, count: number): void {
  const { equity, cash: cashes, exposure } = curve.columns;
  const end = curve.length + count;
  for (let point = curve.length; point < end; point++) {
    equity[point] = cash;
    cashes[point] = cash;
    exposure[point] = 0;
  }
  curve.length = end;
}

function markOpen(
  { high, low, close }: Bars,
  curve: CurveLog,
  { cash, position, bar: fromBar }: { cash: number; position: Position; bar: number },
  toBar: number,
): number {
  const { equity, cash: cashes, exposure } = curve.columns;
  const { units } = position;
  let { high: top, low: bottom } = position;
  let bar = fromBar;
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
    if (worth <= 0) break;
  }
  curve.length = point;
  position.high = top;
  position.low = bottom;
  return bar;
}
