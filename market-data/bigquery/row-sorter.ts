import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { orderByFirst } from './order-by-first.ts';

/** Rows of equal width, one after another; the first value of each is its time. */
export interface RowBatch {
  values: Float64Array;
  rows: number;
}

/** Rows that come in any order, as blocks in the order of time. Rows of one time are in one block. */
export interface RowSorter {
  add(batch: RowBatch): Promise<void>;
  readonly rows: number;
  blocks(): AsyncGenerator<RowBatch>;
  /** Removes what was put aside. */
  close(): Promise<void>;
}

export interface RowSorterOptions {
  width: number;
  /** Rows that are kept in memory; more are put aside in files. */
  rowsInMemory?: number;
  /** About how many rows a block has. */
  blockRows?: number;
}

/** A sorted part of the rows, in a file. */
interface Run {
  file: FileHandle;
  rows: number;
  /** Time of every {@link SAMPLE}th row. */
  samples: Float64Array;
  /** Rows already taken. */
  taken: number;
}

const SAMPLE = 1_024;
const BYTES = Float64Array.BYTES_PER_ELEMENT;
const FIRST_ROWS = 65_536;

/**
 * Sorting by parts: rows fill a buffer, each full buffer is sorted and put aside, and blocks are cut from all parts at common times. So memory stays flat
 * however many rows there are, without asking the server for an order, which it would make on one machine and hand over in one stream.
 */
export function createRowSorter({ width, rowsInMemory = 1_000_000, blockRows = 65_536 }: RowSorterOptions): RowSorter {
  const runs: Run[] = [];
  let folder: string | undefined;
  let buffer = new Float64Array(Math.min(FIRST_ROWS, rowsInMemory) * width);
  let filled = 0;
  let total = 0;
  let adding = Promise.resolve();

  function grow(rows: number): void {
    if (buffer.length >= rows * width) return;
    const larger = new Float64Array(Math.min(rowsInMemory, Math.max(rows, (2 * buffer.length) / width)) * width);
    larger.set(buffer.subarray(0, filled * width));
    buffer = larger;
  }

  /** One after another, however many streams bring rows. */
  function add(batch: RowBatch): Promise<void> {
    adding = adding.then(() => take(batch));
    return adding;
  }

  async function take({ values, rows }: RowBatch): Promise<void> {
    for (let from = 0; from < rows;) {
      if (filled === rowsInMemory) await putAside();
      const count = Math.min(rows - from, rowsInMemory - filled);
      grow(filled + count);
      buffer.set(values.subarray(from * width, (from + count) * width), filled * width);
      filled += count;
      from += count;
    }
    total += rows;
  }

  async function putAside(): Promise<void> {
    folder ??= await mkdtemp(join(tmpdir(), 'holdfast-sort-'));
    runs.push(await writeRun(join(folder, `${runs.length}`), { values: buffer, rows: filled }, width));
    filled = 0;
  }

  async function* blocks(): AsyncGenerator<RowBatch> {
    if (runs.length === 0) return yield* inMemory({ values: buffer, rows: filled }, { width, blockRows });
    if (filled > 0) await putAside();
    buffer = new Float64Array(0);
    for (const until of cuts(runs, blockRows)) {
      const parts = await Promise.all(runs.map((run) => takeUntil(run, until, width)));
      const values = joined(parts);
      const rows = values.length / width;
      if (rows > 0) yield { values: gathered(values, orderByFirst(values, rows, width), width), rows };
    }
  }

  async function close(): Promise<void> {
    await Promise.all(runs.map(({ file }) => file.close()));
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }

  return {
    add,
    get rows() {
      return total;
    },
    blocks,
    close,
  };
}

/** Sorts rows into a new file. */
async function writeRun(name: string, { values, rows }: RowBatch, width: number): Promise<Run> {
  const file = await open(name, 'wx+');
  const run: Run = { file, rows, samples: new Float64Array(Math.ceil(rows / SAMPLE)), taken: 0 };
  const order = orderByFirst(values, rows, width);
  for (let from = 0; from < rows; from += FIRST_ROWS) {
    const to = Math.min(rows, from + FIRST_ROWS);
    const piece = gathered(values, order.subarray(from, to), width);
    await file.write(new Uint8Array(piece.buffer), 0, piece.byteLength, from * width * BYTES);
    for (let row = from; row < to; row += SAMPLE) run.samples[row / SAMPLE] = piece[(row - from) * width]!;
  }
  return run;
}

function* inMemory({ values, rows }: RowBatch, { width, blockRows }: { width: number; blockRows: number }): Generator<RowBatch> {
  const order = orderByFirst(values, rows, width);
  const time = (row: number) => values[order[row]! * width]!;
  for (let from = 0; from < rows;) {
    let to = Math.min(rows, from + blockRows);
    while (to < rows && time(to) === time(to - 1)) to++;
    yield { values: gathered(values, order.subarray(from, to), width), rows: to - from };
    from = to;
  }
}

/** Times at which to cut, so that about as many rows lie between two of them; the last is beyond all. */
function cuts(runs: readonly Run[], blockRows: number): number[] {
  const samples = joined(runs.map((run) => run.samples)).sort();
  const step = Math.max(1, Math.round(blockRows / SAMPLE));
  const times: number[] = [];
  for (let i = step; i < samples.length; i += step) if (samples[i] !== times.at(-1)) times.push(samples[i]!);
  return [...times, Infinity];
}

/** The rows of a run up to a time that were not taken before. */
async function takeUntil(run: Run, until: number, width: number): Promise<Float64Array> {
  const after = run.samples.findIndex((time) => time > until);
  const most = (after === -1 ? run.rows : Math.min(run.rows, after * SAMPLE)) - run.taken;
  if (most <= 0) return new Float64Array(0);
  const values = new Float64Array(most * width);
  await run.file.read(new Uint8Array(values.buffer), 0, values.byteLength, run.taken * width * BYTES);
  let low = 0;
  let high = most;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (values[middle * width]! <= until) low = middle + 1;
    else high = middle;
  }
  run.taken += low;
  return values.subarray(0, low * width);
}

function gathered(values: Float64Array, order: Uint32Array, width: number): Float64Array<ArrayBuffer> {
  const result = new Float64Array(order.length * width);
  for (let row = 0, at = 0; row < order.length; row++) {
    for (let from = order[row]! * width, end = from + width; from < end;) result[at++] = values[from++]!;
  }
  return result;
}

function joined(parts: readonly Float64Array[]): Float64Array {
  const whole = new Float64Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
