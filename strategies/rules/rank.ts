import { sharedColumns } from '../../engine/indicators/shared-columns.ts';
import type { Bars } from '../../shared/bars.ts';

/**
 * The place of each symbol among all that have a bar at the same time and a value: 1 for the highest; equal values share the better place. NaN
 * where the symbol has no value. Cost: bars × symbols².
 */
export function rankColumns(bars: readonly Bars[], values: readonly Float64Array[]): readonly Float64Array[] {
  return sharedColumns([...values, ...bars.map(({ ts }) => ts)], 'rank', () => computeRanks(bars, values));
}

function computeRanks(bars: readonly Bars[], values: readonly Float64Array[]): Float64Array[] {
  const ranks = values.map((column) => new Float64Array(column.length));
  bars.forEach(({ ts }, s) => {
    const rows = bars.map(() => 0);
    for (let i = 0; i < ts.length; i++) {
      const value = values[s]![i]!;
      let place = Number.isNaN(value) ? NaN : 1;
      for (let other = 0; other < bars.length; other++) {
        const times = bars[other]!.ts;
        while (times[rows[other]!]! < ts[i]!) rows[other]!++;
        const row = rows[other]!;
        if (times[row] === ts[i] && values[other]![row]! > value) place++;
      }
      ranks[s]![i] = place;
    }
  });
  return ranks;
}
