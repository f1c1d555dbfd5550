import { type Bars, PRICE_COLUMNS } from '../../shared/bars.ts';
import type { DataQuality } from '../../shared/data-quality.ts';
import { columnOf, withColumns } from '../time-chunks.ts';
import { hasPrices, hasTime } from '../validate-bars.ts';
import type { Flaw } from './flaw.ts';

/** What may be repaired. */
type Repairs = Pick<DataQuality, 'unsorted' | 'duplicates' | 'prices' | 'ohlc'>;

/**
 * The bars of a symbol, repaired as far as that is allowed, and what was done: bars with a price, volume or time that cannot be are left out, the rest is
 * sorted by time (bars of the same time stay in their order), of several bars of a time the last is kept, and low and high are widened to open and
 * close. Sound bars come back as they are.
 */
export function repairBars(bars: Bars, allowed: Repairs): { bars: Bars; flaws: Flaw[] } {
  const flaws: Flaw[] = [];
  const note = (check: Flaw['check'], found: readonly number[], text: string): void => {
    if (found.length > 0) flaws.push({ check, count: found.length, first: found.reduce((a, b) => Math.min(a, b)), text });
  };
  let repaired = bars;
  if (allowed.prices === 'repair') {
    const bad = rowsWhere(repaired, (each, i) => !hasPrices(each, i) || !hasTime(each, i));
    note('prices', timesAt(repaired, bad), 'bars with a price, volume or time that cannot be, left out');
    if (bad.length > 0) repaired = rowsOf(repaired, without(repaired, bad));
  }
  if (allowed.unsorted === 'repair') {
    const early = earlyRows(repaired.ts);
    note('unsorted', timesAt(repaired, early), 'bars that came before an earlier one, put in their place');
    if (early.length > 0) repaired = rowsOf(repaired, sortedRows(repaired.ts));
  }
  if (allowed.duplicates === 'repair') {
    const doubled = rowsWhere(repaired, ({ ts }, i) => ts[i] === ts[i + 1]);
    note('duplicates', timesAt(repaired, doubled), 'bars that another of their time followed, left out');
    if (doubled.length > 0) repaired = rowsOf(repaired, without(repaired, doubled));
  }
  if (allowed.ohlc === 'repair') {
    const crossed = rowsWhere(repaired, isCrossed);
    note('ohlc', timesAt(repaired, crossed), 'bars whose low and high were widened to open and close');
    if (crossed.length > 0) repaired = widened(repaired, crossed);
  }
  return { bars: repaired, flaws };
}

function rowsWhere(bars: Bars, isMeant: (bars: Bars, row: number) => boolean): number[] {
  const rows: number[] = [];
  for (let i = 0; i < bars.ts.length; i++) if (isMeant(bars, i)) rows.push(i);
  return rows;
}

/** A time that is none is left out, since it can be told to nobody. */
function timesAt({ ts }: Bars, rows: readonly number[]): number[] {
  return rows.map((row) => (Number.isFinite(ts[row]!) ? ts[row]! : 0));
}

function without({ ts }: Bars, rows: readonly number[]): number[] {
  const left = new Set(rows);
  return Array.from(ts.keys()).filter((row) => !left.has(row));
}

function rowsOf(bars: Bars, rows: readonly number[]): Bars {
  return withColumns(bars, (name) => {
    const column = columnOf(bars, name);
    return Float64Array.from(rows, (row) => column[row]!);
  });
}

function earlyRows(ts: Float64Array): number[] {
  const rows: number[] = [];
  let latest = -Infinity;
  for (let i = 0; i < ts.length; i++) {
    if (ts[i]! < latest) rows.push(i);
    else latest = ts[i]!;
  }
  return rows;
}

function sortedRows(ts: Float64Array): number[] {
  return Array.from(ts.keys()).toSorted((a, b) => ts[a]! - ts[b]! || a - b);
}

function isCrossed({ open, high, low, close }: Bars, i: number): boolean {
  return high[i]! < Math.max(open[i]!, close[i]!, low[i]!) || low[i]! > Math.min(open[i]!, close[i]!);
}

function widened(bars: Bars, rows: readonly number[]): Bars {
  const [high, low] = [bars.high.slice(), bars.low.slice()];
  for (const row of rows) {
    const prices = PRICE_COLUMNS.slice(0, 4).map((name) => bars[name][row]!);
    high[row] = Math.max(...prices);
    low[row] = Math.min(...prices);
  }
  return { ...bars, high, low };
}
