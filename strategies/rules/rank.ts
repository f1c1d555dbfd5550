import { derivedColumns } from '../../engine/indicators/derived-columns.ts';
import { streamedPart } from '../../engine/indicators/streamed-columns.ts';
import type { Bars } from '../../shared/bars.ts';

/**
 * The place of each symbol among all that have a bar at the same time and a value: 1 for the highest; equal values share the better place. NaN
 * where the symbol has no value. Cost: bars × symbols².
 */
export function rankColumns(bars: readonly Bars[], values: readonly Float64Array[]): readonly Float64Array[] {
  const times = bars.map(({ ts }) => ts);
  return times.map((ts, s) => {
    const [ranks] = derivedColumns([values[s]!, ts, ...values, ...times], 'rank', {
      outputs: 1,
      lookback: 0,
      start: () => null,
      run: (_, { from, to, outputs }) => rankRows({ times, values }, { symbol: s, from, to }, outputs[0]!),
    });
    return ranks!;
  });
}

interface Ranked {
  times: readonly Float64Array[];
  values: readonly Float64Array[];
}

function rankRows({ times, values }: Ranked, { symbol, from, to }: { symbol: number; from: number; to: number }, out: Float64Array): void {
  const rows = times.map((ts) => streamedPart(ts)?.from ?? 0);
  for (let i = from; i < to; i++) {
    const now = times[symbol]![i]!;
    const value = values[symbol]![i]!;
    let place = Number.isNaN(value) ? NaN : 1;
    for (let other = 0; other < times.length; other++) {
      const ts = times[other]!;
      while (ts[rows[other]!]! < now) rows[other]!++;
      const row = rows[other]!;
      if (ts[row] === now && values[other]![row]! > value) place++;
    }
    out[i - from] = place;
  }
}
