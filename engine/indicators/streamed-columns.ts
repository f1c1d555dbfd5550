import { HoldfastError } from '../../shared/errors.ts';

type Columns = readonly Float64Array[];

/** The rows of a column that are in memory. The others read as 0, and nothing may read them. */
interface Stretch {
  /** First row in memory: those before `from` are kept for whoever looks back. */
  readonly kept: number;
  /** The rows of this stretch: [from, to). */
  readonly from: number;
  readonly to: number;
}

interface StreamedColumn extends Stretch {
  /** First row with a value, from the first bar of the run on; null while there was none. */
  readonly first: number | null;
  readonly stream: ColumnStream;
}

/** How columns come from others, in stretches of any length with the same bytes. */
export interface Derivation<State = unknown> {
  /** How many columns it gives. */
  readonly outputs: number;
  /** Rows of its sources that it may read before a stretch. */
  readonly lookback: number;
  /** Before the first row; plain JSON, and NaN. */
  start(): State;
  /** Computes the rows [from, to) and updates the state; element 0 of an output belongs to row `from`. */
  run(state: State, stretch: { from: number; to: number; outputs: Columns }): void;
}

/** What a stretch leaves to the one after it. Plain JSON, and NaN. */
export interface LeftColumns {
  /** Rows of the data that are looked back at. */
  readonly keep: number;
  /** In the order in which the columns were asked for. */
  readonly derived: readonly LeftColumn[];
}

interface LeftColumn {
  readonly state: unknown;
  /** The last values of each output. */
  readonly tails: readonly (readonly number[])[];
  readonly firsts: readonly (number | null)[];
}

/** The columns of one stretch of a run that is longer than memory. */
export interface ColumnStream {
  /** Columns of the data. */
  add(columns: Columns, stretch: Stretch): void;
  derive(sources: Columns, name: string | null, derivation: Derivation): Columns;
  left(): LeftColumns;
}

/** Rows of a derived column that are kept for whoever reads it without saying how far it looks back: crossings, conditions on the bar before, modules. */
const KEPT_ROWS = 512;

const streamed = new WeakMap<Float64Array, StreamedColumn>();

/** Which rows of a column are in memory, where that is not all of them. */
export function streamedPart(column: Float64Array): StreamedColumn | undefined {
  return streamed.get(column);
}

/** Fails for a row that is no longer in memory; there is none before row 0. */
export function refuseForgotten(row: number, ago: number): void {
  if (row < 0) return;
  throw new HoldfastError(
    'strategy_failed',
    `The strategy looked ${ago} bars back, and of data that are larger than memory so many are not kept. Declare an indicator for it, or give the worker more memory (HOLDFAST_MEMORY_BUDGET_MB).`,
  );
}

/** Gives columns of zeros of which only a few rows will be written to. */
export type SparseMemory = (length: number) => Float64Array;

/**
 * Columns are cut from pieces of this size at least. Up to 32 MB the C library may hand out memory that was used before, and has to overwrite all of it;
 * beyond, it asks the system for pages that are there when they are touched.
 */
const PIECE_BYTES = 64 * 1024 * 1024;

/**
 * The system gives no memory for rows that are not touched, so a row can keep its number however long the data are, and nothing that reads columns by
 * row has to know of stretches.
 */
export function createSparseMemory(): SparseMemory {
  let piece = new ArrayBuffer(0);
  let used = 0;
  return (length) => {
    const bytes = length * Float64Array.BYTES_PER_ELEMENT;
    if (used + bytes > piece.byteLength) {
      piece = new ArrayBuffer(Math.max(PIECE_BYTES, bytes));
      used = 0;
    }
    const column = new Float64Array(piece, used, length);
    used += bytes;
    return column;
  };
}

/**
 * The columns of a stretch that follows what `before` was left by. They have to be asked for in the same order in every stretch of a run, as the same
 * strategy with the same parameters does.
 */
export function createColumnStream(before: LeftColumns | null, memory: SparseMemory): ColumnStream {
  const looked = new Map<Float64Array, number>();
  const data: Float64Array[] = [];
  const derived: { columns: Columns; state: unknown }[] = [];
  const known = new Map<string, Columns>();
  const numbers = new Map<Float64Array, number>();

  function numberOf(column: Float64Array): number {
    const number = numbers.get(column) ?? numbers.size;
    numbers.set(column, number);
    return number;
  }

  function compute(sources: Columns, derivation: Derivation): Columns {
    for (const source of sources) looked.set(source, Math.max(looked.get(source) ?? 0, derivation.lookback));
    const source = sources[0]!;
    const { from, to } = streamed.get(source)!;
    const left = before?.derived[derived.length];
    const state = left === undefined ? derivation.start() : structuredClone(left.state);
    const columns = Array.from({ length: derivation.outputs }, () => memory(source.length));
    columns.forEach((column, output) => column.set(left?.tails[output] ?? [], from - (left?.tails[output]!.length ?? 0)));
    derivation.run(state, { from, to, outputs: columns.map((column) => column.subarray(from, to)) });
    derived.push({ columns, state });
    columns.forEach((column, output) => {
      const first = left?.firsts[output] ?? firstValue(column, from, to);
      streamed.set(column, { kept: from - (left?.tails[output]!.length ?? 0), from, to, first, stream });
    });
    return columns;
  }

  const stream: ColumnStream = {
    add(columns, stretch) {
      data.push(...columns);
      for (const column of columns) streamed.set(column, { ...stretch, first: 0, stream });
    },
    derive(sources, name, derivation) {
      if (name === null) return compute(sources, derivation);
      const key = [name, ...sources.map(numberOf)].join(' ');
      const columns = known.get(key) ?? compute(sources, derivation);
      known.set(key, columns);
      return columns;
    },
    left: () => ({
      keep: Math.max(before?.keep ?? 0, ...data.map((column) => looked.get(column) ?? 0)),
      derived: derived.map(({ columns, state }) => ({
        state,
        tails: columns.map((column) => tailOf(column, looked.get(column) ?? 0)),
        firsts: columns.map((column) => streamed.get(column)!.first),
      })),
    }),
  };
  return stream;
}

function firstValue(column: Float64Array, from: number, to: number): number | null {
  for (let row = from; row < to; row++) if (!Number.isNaN(column[row]!)) return row;
  return null;
}

function tailOf(column: Float64Array, lookback: number): number[] {
  const { kept, to } = streamed.get(column)!;
  return Array.from(column.subarray(Math.max(kept, to - Math.max(KEPT_ROWS, lookback)), to));
}
