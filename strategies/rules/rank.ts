import { derivedColumns } from '../../engine/indicators/derived-columns.ts';
import { streamedPart } from '../../engine/indicators/streamed-columns.ts';
import { MEMBER, type Bars } from '../../shared/bars.ts';

/**
 * The place of each symbol among all that have a bar at the same time and a value: 1 for the highest; equal values share the better place. NaN
 * where the symbol has no value. Of a run with a universe only its members of the time have one. Cost: bars × symbols².
 */
export function rankColumns(bars: readonly Bars[], values: readonly Float64Array[]): readonly Float64Array[] {
  const times = bars.map(({ ts }) => ts);
  const members = bars.map(({ membership, extra }) => (membership === undefined ? null : extra![MEMBER]!));
  const known = members.filter((column) => column !== null);
  return times.map((ts, s) => {
    const [ranks] = derivedColumns([values[s]!, ts, ...values, ...times, ...known], 'rank', {
      outputs: 1,
      lookback: 0,
      start: () => null,
      run: (_, { from, to, outputs }) => rankRows({ times, values, members }, { symbol: s, from, to }, outputs[0]!),
    });
    return ranks!;
  });
}

interface Ranked {
  times: readonly Float64Array[];
  values: readonly Float64Array[];
  members: readonly (Float64Array | null)[];
}

function rankRows(
  { times, values, members }: Ranked,
  { symbol, from, to }: { symbol: number; from: number; to: number },
  out: Float64Array,
): void {
  const rows = times.map((ts) => streamedPart(ts)?.from ?? 0);
  for (let i = from; i < to; i++) {
    const now = times[symbol]![i]!;
    const value = isIn(members[symbol]!, i) ? values[symbol]![i]! : NaN;
    let place = Number.isNaN(value) ? NaN : 1;
    for (let other = 0; other < times.length; other++) {
      const ts = times[other]!;
      while (ts[rows[other]!]! < now) rows[other]!++;
      const row = rows[other]!;
      if (ts[row] === now && values[other]![row]! > value && isIn(members[other]!, row)) place++;
    }
    out[i - from] = place;
  }
}

function isIn(member: Float64Array | null, row: number): boolean {
  return member === null || member[row] === 1;
}
