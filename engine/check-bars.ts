import type { Bars } from '../shared/bars.ts';
import { streamedPart } from './indicators/streamed-columns.ts';
import { HoldfastError, type Fault } from '../shared/errors.ts';

/** Refuses with `bad_data` what no simulation can trade on: every symbol's first bad bar at once. No bars at all are no fault: nothing happens then. */
export function checkBars(all: readonly Bars[]): void {
  const faults: Fault[] = [];
  for (const bars of all) {
    const fault = firstFault(bars);
    if (fault !== null) faults.push(fault);
  }
  if (new Set(all.map(({ symbol }) => symbol)).size < all.length) faults.push({ path: 'data.symbols', message: 'names a symbol twice' });
  if (faults.length === 0) return;
  const list = faults.map(({ path, message }) => `${path}: ${message}`).join('; ');
  throw new HoldfastError('bad_data', `The bars cannot be traded on: ${list}. Correct the data, or leave this range out.`, { faults });
}

function firstFault({ symbol, ts, open, high, low, close, volume }: Bars): Fault | null {
  let last = -Infinity;
  const { from, to } = streamedPart(ts) ?? { from: 0, to: ts.length };
  for (let i = from; i < to; i++) {
    const h = high[i]!;
    const l = low[i]!;
    // Every comparison is false for NaN.
    const isInside = l > 0 && h < Infinity && open[i]! >= l && open[i]! <= h && close[i]! >= l && close[i]! <= h;
    if (!(ts[i]! > last)) return { path: `${symbol}.${i}`, message: `its time ${ts[i]} does not come after that of the bar before` };
    if (!isInside)
      return {
        path: `${symbol}.${i}`,
        message: `open ${open[i]}, high ${h}, low ${l}, close ${close[i]} are not four prices above 0 with the high and the low outermost`,
      };
    if (!(volume[i]! >= 0 && volume[i]! < Infinity))
      return { path: `${symbol}.${i}`, message: `volume ${volume[i]} is not a number of units` };
    last = ts[i]!;
  }
  const lengths = [open, high, low, close, volume].map((column) => column.length);
  return lengths.every((length) => length === ts.length) ? null : { path: symbol, message: 'its columns differ in length' };
}
