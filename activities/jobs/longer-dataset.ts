import type { DatasetFile } from '../../market-data/dataset-store.ts';
import { PRICE_COLUMNS, type Bars, type Dataset } from '../../shared/bars.ts';

/**
 * Null where the file holds all of the dataset, byte for byte, and besides it nothing but bars that open after the last of them and what happened since; else what
 * is different. A chunk of the file is in memory at a time.
 */
export async function differenceFrom(before: Dataset, file: DatasetFile): Promise<string | null> {
  const { instruments } = before;
  if (file.symbols.join() !== instruments.map(({ symbol }) => symbol).join()) return 'it has other symbols';
  const last = Math.max(...instruments.map(({ ts }) => ts.at(-1) ?? -Infinity));
  if (!goesOn(pairsOf(before.zone), pairsOf(file.zone), last)) return 'its time zone has other clock changes';
  const seen = instruments.map(() => 0);
  for (const number of file.chunks.keys()) {
    for (const [s, bars] of (await file.chunk(number)).entries()) {
      const known = instruments[s]!;
      const difference = (number === 0 ? factsDiffer(known, bars, last) : null) ?? barsDiffer(known, bars, { from: seen[s]!, last });
      if (difference !== null) return difference;
      seen[s]! += bars.ts.length;
    }
  }
  return instruments.every(({ ts }, s) => seen[s]! >= ts.length) ? null : 'bars of before are missing';
}

/** Splits and dividends, and whether it knows of any: without them a simpler simulation may do. */
function factsDiffer(known: Bars, { actions, membership }: Bars, last: number): string | null {
  if (known.membership !== undefined || membership !== undefined) return 'members of a universe may have changed';
  if ((known.actions === undefined) !== (actions === undefined)) return `${known.symbol} has its first split or dividend`;
  if (known.actions === undefined || actions === undefined) return null;
  const { splits, dividends } = actions;
  const isSame =
    goesOn([known.actions.splits.ts, known.actions.splits.ratio], [splits.ts, splits.ratio], last) &&
    goesOn([known.actions.dividends.ts, known.actions.dividends.amount], [dividends.ts, dividends.amount], last);
  return isSame ? null : `splits or dividends of ${known.symbol} were changed`;
}

type Pairs = readonly [times: Float64Array, values: Float64Array];

const NOTHING = new Float64Array(0);

function pairsOf(zone: Dataset['zone']): Pairs {
  return zone === undefined ? [NOTHING, NOTHING] : [zone.from, zone.offset];
}

/** Whether the second list is the first one and later entries. */
function goesOn([times, values]: Pairs, [now, valuesNow]: Pairs, last: number): boolean {
  return startsWith(now, times) && startsWith(valuesNow, values) && (now[times.length] ?? Infinity) > last;
}

function startsWith(whole: Float64Array, start: Float64Array): boolean {
  return whole.length >= start.length && start.every((value, i) => Object.is(value, whole[i]));
}

/** `from`: the row of the known bars that the first of these is compared with. */
function barsDiffer(known: Bars, bars: Bars, { from, last }: { from: number; last: number }): string | null {
  const common = Math.min(bars.ts.length, Math.max(0, known.ts.length - from));
  if (bars.ts.length > common && bars.ts[common]! <= last) return `${known.symbol} has new bars before the last of the night before`;
  const extra = Object.keys(known.extra ?? {});
  if (extra.join() !== Object.keys(bars.extra ?? {}).join()) return 'it has other columns';
  const columns = [
    ...(['ts', ...PRICE_COLUMNS] as const).map((name) => [known[name], bars[name]] as const),
    ...extra.map((name) => [known.extra![name]!, bars.extra![name]!] as const),
  ];
  const isSame = columns.every(([ofKnown, column]) => startsWith(column, ofKnown.subarray(from, from + common)));
  return isSame ? null : `bars of ${known.symbol} were changed`;
}
