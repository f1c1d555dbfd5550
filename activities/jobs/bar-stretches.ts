import { entryBars, type RunState } from '../../engine/run-simulation.ts';
import {
  createColumnStream,
  createSparseMemory,
  type SparseMemory,
  type ColumnStream,
  type LeftColumns,
} from '../../engine/indicators/streamed-columns.ts';
import { mergeTimes } from '../../engine/timeframes/merge-times.ts';
import type { DatasetFile } from '../../market-data/dataset-store.ts';
import { PRICE_COLUMNS, type Bars } from '../../shared/bars.ts';

/** The chunks [from, to) of a dataset in memory, with the last rows before them. */
export interface Stretch {
  bars: readonly Bars[];
  /** Times of all bars, merged. */
  timeline: Float64Array;
  /** Bars of the merged timeline: [fromBar, toBar). */
  fromBar: number;
  toBar: number;
  columns: ColumnStream;
}

/** What has to be known of the columns before a stretch: null at the beginning. */
export interface Place {
  chunk: number;
  left: LeftColumns | null;
}

export interface BarStretches {
  /** Bars of the merged timeline. */
  readonly total: number;
  readonly chunks: number;
  /** First bar of a chunk; the total behind the last. */
  barAt(chunk: number): number;
  /** The chunk that a bar lies in. */
  chunkOf(bar: number): number;
  /** How many chunks fit into so many bytes, with the columns that `left` speaks of and the points of a curve; one at least. */
  fitting(bytes: number, left: LeftColumns | null): number;
  load(place: Place, toChunk: number): Promise<Stretch>;
  /** Writes down when what is open was entered, which may lie far before the stretch. */
  recallEntries(stretch: Stretch, state: RunState): Promise<void>;
}

/** Rows before a stretch that are there for whoever looks back unannounced. */
const KEPT_ROWS = 512;
/** Points of the curve: four columns, and as much again on the way to the store. */
const POINT_BYTES = 64;
const NUMBER_BYTES = 8;

/**
 * The bars of the first `traded` symbols of a dataset, a stretch at a time. Every row and bar keeps its number in the whole: columns are as long as the
 * dataset, and only the stretch is written to.
 */
export function createBarStretches(file: DatasetFile, traded: number): BarStretches {
  const { chunks } = file;
  const ofTimes = traded === file.symbols.length ? 0 : 1;
  const bars = sumsOf(chunks.map(({ times }) => times[ofTimes]));
  const rows = Array.from({ length: traded }, (_, s) => sumsOf(chunks.map((chunk) => chunk.rows[s]!)));
  const entryTimes = new Map<number, number>();

  function chunkOf(bar: number): number {
    const next = bars.findIndex((first) => first > bar);
    return next < 0 ? chunks.length - 1 : next - 1;
  }

  async function load({ chunk, left }: Place, toChunk: number): Promise<Stretch> {
    const keep = Math.max(KEPT_ROWS, left?.keep ?? 0);
    const kept = rows.map((sums) => Math.max(0, sums[chunk]! - keep));
    const memory = createSparseMemory();
    const all = (await file.chunk(chunk)).slice(0, traded).map((each, s) => emptyBars(each, rows[s]!.at(-1)!, memory));
    const timeline = traded === 1 ? all[0]!.ts : memory(bars.at(-1)!);
    for (let number = 0; number < toChunk; number++) {
      // Of the chunks before, few are needed: those in which a symbol has its last rows.
      if (number < chunk && !rows.some((sums, s) => sums[number + 1]! > kept[s]! && sums[number + 1]! > sums[number]!)) continue;
      const part = (await file.chunk(number)).slice(0, traded);
      part.forEach((each, s) => copyBars(each, all[s]!, { row: rows[s]![number]!, kept: kept[s]! }));
      if (traded > 1 && number >= chunk) timeline.set(mergeTimes(part.map(({ ts }) => ts)), bars[number]);
    }
    // Interest is due for the time since the bar before.
    if (chunk > 0) timeline[bars[chunk]! - 1] = Math.max(...all.map(({ ts }, s) => ts[rows[s]![chunk]! - 1] ?? -Infinity));
    const columns = createColumnStream(left, memory);
    all.forEach((each, s) => {
      const [from, to] = [rows[s]![chunk]!, rows[s]![toChunk]!];
      // The calendar of a symbol goes on: strategies ask when its next bar opens.
      const next = chunks.slice(toChunk).find((part) => part.rows[s]! > 0);
      if (next !== undefined) each.ts[to] = next.first[s]!;
      columns.add(allColumns(each), { kept: kept[s]!, from, to });
    });
    return { bars: all, timeline, fromBar: bars[chunk]!, toBar: bars[toChunk]!, columns };
  }

  async function recallEntries({ timeline, fromBar, toBar }: Stretch, state: RunState): Promise<void> {
    for (const bar of entryBars(state)) {
      if (bar >= fromBar && bar < toBar) entryTimes.set(bar, timeline[bar]!);
      else if (!entryTimes.has(bar)) {
        const number = chunkOf(bar);
        const times = mergeTimes((await file.chunk(number)).slice(0, traded).map(({ ts }) => ts));
        entryTimes.set(bar, times[bar - bars[number]!]!);
      }
      timeline[bar] = entryTimes.get(bar)!;
    }
  }

  return {
    total: bars.at(-1)!,
    chunks: chunks.length,
    barAt: (chunk) => bars[chunk]!,
    chunkOf,
    fitting: (bytes, left) => Math.max(1, Math.floor(bytes / bytesOfChunk(chunks, { ofTimes, traded, left }))),
    load,
    recallEntries,
  };
}

/** Of the largest chunk in memory. */
function bytesOfChunk(
  chunks: DatasetFile['chunks'],
  { ofTimes, traded, left }: { ofTimes: 0 | 1; traded: number; left: LeftColumns | null },
): number {
  const derived = left?.derived.reduce((sum, { tails }) => sum + tails.length, 0) ?? 0;
  const rows = Math.max(...chunks.map((chunk) => chunk.rows.reduce((sum, count) => sum + count, 0)));
  const columns = 1 + PRICE_COLUMNS.length + derived / traded;
  return rows * columns * NUMBER_BYTES + Math.max(...chunks.map(({ times }) => times[ofTimes])) * POINT_BYTES;
}

/** What came before each, and the sum of all at the end. */
function sumsOf(counts: readonly number[]): number[] {
  const sums = [0];
  for (const count of counts) sums.push(sums.at(-1)! + count);
  return sums;
}

function emptyBars(bars: Bars, length: number, memory: SparseMemory): Bars {
  const column = (): Float64Array => memory(length);
  const prices = { open: column(), high: column(), low: column(), close: column(), volume: column() };
  const extra = bars.extra && { extra: Object.fromEntries(Object.keys(bars.extra).map((name) => [name, column()])) };
  return { ...bars, ts: column(), ...prices, ...extra };
}

export function allColumns({ ts, extra, ...bars }: Bars): Float64Array[] {
  return [ts, ...PRICE_COLUMNS.map((name) => bars[name]), ...Object.values(extra ?? {})];
}

/** Copies bars that begin at `row` of the whole, but for those before `kept`. */
function copyBars(from: Bars, to: Bars, { row, kept }: { row: number; kept: number }): void {
  const targets = allColumns(to);
  const first = Math.min(from.ts.length, Math.max(0, kept - row));
  allColumns(from).forEach((column, index) => targets[index]!.set(column.subarray(first), row + first));
}
