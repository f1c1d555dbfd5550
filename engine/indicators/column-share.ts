/** A column's place in a share: derived ones count their doubles, sources count down from -1. The same in every thread. */
type Place = number;

type Columns = readonly Float64Array[];

/** Columns that are derived from others. */
export interface Derived {
  readonly count: number;
  /** Of each. */
  readonly length: number;
  /** Writes every element. */
  readonly fill: (columns: Columns) => void;
}

interface Share {
  readonly ints: Int32Array;
  readonly bytes: Uint8Array;
  /** Behind the table. */
  readonly doubles: Float64Array;
}

const shares = new WeakMap<Float64Array, { share: Share; place: Place }>();

// The memory starts with a table: two numbers, and a record for every name. A record is its state, its first double, the length of its name, and that.
const USED_RECORDS = 0;
const USED_DOUBLES = 1;
const HEAD_INTS = 2;
const RECORDS = 1_024;
const RECORD_INTS = 32;
const [STATE, FIRST, NAME_LENGTH, NAME] = [0, 1, 2, 3];
const LONGEST_NAME = (RECORD_INTS - NAME) * Int32Array.BYTES_PER_ELEMENT;
const TABLE_BYTES = (HEAD_INTS + RECORDS * RECORD_INTS) * Int32Array.BYTES_PER_ELEMENT;

/** States of a record; 0 before its name is written. */
const [COMPUTING, READY, FAILED] = [1, 2, 3];

/** Longest wait for another thread: it may have been ended while it computed. */
const PATIENCE_MS = 1_000;

const encoder = new TextEncoder();

/** Empty memory for so many bytes of columns. */
export function createShare(bytes: number): SharedArrayBuffer {
  return new SharedArrayBuffer(TABLE_BYTES + bytes);
}

/**
 * From now on this thread keeps what it derives from `sources` in memory that it shares with others, and takes from there what they have derived: every
 * column is computed by whichever thread needs it first. All of them must name the same sources in the same order. Full memory is no fault: each
 * thread then computes for itself.
 */
export function shareColumns(memory: SharedArrayBuffer, sources: Columns): void {
  const doubles = new Float64Array(memory, TABLE_BYTES, Math.floor((memory.byteLength - TABLE_BYTES) / Float64Array.BYTES_PER_ELEMENT));
  const share = {
    ints: new Int32Array(memory, 0, TABLE_BYTES / Int32Array.BYTES_PER_ELEMENT),
    bytes: new Uint8Array(memory, 0, TABLE_BYTES),
    doubles,
  };
  sources.forEach((source, index) => shares.set(source, { share, place: -1 - index }));
}

/** Makes shared memory empty again; nobody may use a column of it any more. */
export function clearShare(memory: SharedArrayBuffer): void {
  new Uint8Array(memory, 0, TABLE_BYTES).fill(0);
}

/** The columns of this name that all threads share; null where the sources are not shared with others, or there is no room. */
export function columnsInShare(sources: Columns, name: string, derived: Derived): Columns | null {
  const [first, ...others] = sources.map((source) => shares.get(source));
  if (first === undefined || others.some((other) => other?.share !== first.share)) return null;
  const { share } = first;
  const key = encoder.encode([name, first.place, ...others.map((other) => other!.place)].join(' '));
  if (key.length > LONGEST_NAME) return null;
  const known = find(share, key);
  if (known !== null) return isReady(share, known) ? columnsAt(share, share.ints[known + FIRST]!, derived) : null;
  return compute(share, key, derived);
}

function columnsAt(share: Share, start: Place, { count, length }: Derived): Columns {
  return Array.from({ length: count }, (_, index) => {
    const place = start + index * length;
    const column = share.doubles.subarray(place, place + length);
    shares.set(column, { share, place });
    return column;
  });
}

/** The record of a name, as the place of its first number; null where there is none. */
function find({ ints, bytes }: Share, key: Uint8Array): number | null {
  const end = recordAt(Math.min(RECORDS, Atomics.load(ints, USED_RECORDS)));
  for (let record = HEAD_INTS; record < end; record += RECORD_INTS) {
    if (Atomics.load(ints, record + STATE) === 0 || ints[record + NAME_LENGTH] !== key.length) continue;
    const start = (record + NAME) * Int32Array.BYTES_PER_ELEMENT;
    if (key.every((byte, k) => bytes[start + k] === byte)) return record;
  }
  return null;
}

function recordAt(index: number): number {
  return HEAD_INTS + index * RECORD_INTS;
}

function isReady({ ints }: Share, record: number): boolean {
  Atomics.wait(ints, record + STATE, COMPUTING, PATIENCE_MS);
  return Atomics.load(ints, record + STATE) === READY;
}

/** Two threads that miss the same name at the same moment both compute it, into places of their own: no harm, and no lock that a thread could die with. */
function compute(share: Share, key: Uint8Array, derived: Derived): Columns | null {
  const { ints, bytes, doubles } = share;
  const size = derived.count * derived.length;
  if (Atomics.load(ints, USED_RECORDS) >= RECORDS || Atomics.load(ints, USED_DOUBLES) + size > doubles.length) return null;
  const index = Atomics.add(ints, USED_RECORDS, 1);
  const start = Atomics.add(ints, USED_DOUBLES, size);
  if (index >= RECORDS || start + size > doubles.length) return null;
  const record = recordAt(index);
  bytes.set(key, (record + NAME) * Int32Array.BYTES_PER_ELEMENT);
  ints[record + NAME_LENGTH] = key.length;
  ints[record + FIRST] = start;
  Atomics.store(ints, record + STATE, COMPUTING);
  let state = FAILED;
  try {
    const columns = columnsAt(share, start, derived);
    derived.fill(columns);
    state = READY;
    return columns;
  } finally {
    Atomics.store(ints, record + STATE, state);
    Atomics.notify(ints, record + STATE);
  }
}
