/** Elements that are copied at once, and those before them for whoever starts a little early. */
const CHUNK = 4_096;
const BEFORE = 64;
const SLOT = CHUNK + BEFORE;
/** Enough for all columns of the trials that run together: 4 MB. */
const SLOTS = 128;

/** Bytes that the slots take, with some behind the last for whoever reads whole words. */
export const STAGE_BYTES = (SLOTS * SLOT + 32) * Float64Array.BYTES_PER_ELEMENT;

/** Where a part of a column lies. */
interface Place {
  readonly slot: number;
  chunk: number;
}

/**
 * Copies parts of columns to where a kernel can read them, and remembers what lies there: trials that go through the same bars together find most of it. The
 * columns must not change, and at most two parts, of different columns, may be used at a time. `memory` starts with the slots.
 */
export function createStage(memory: ArrayBuffer): (column: Float64Array, at: number, count: number) => number | null {
  const doubles = new Float64Array(memory);
  const places = new WeakMap<Float64Array, Place>();
  const taken = Array.from({ length: SLOTS }, (): Place | null => null);
  let next = 0;
  let last = -1;

  function placeOf(column: Float64Array): Place {
    const known = places.get(column);
    if (known !== undefined && taken[known.slot] === known) return known;
    if (next === last) next = (next + 1) % SLOTS; // the other part that is in use
    const place = { slot: next, chunk: -1 };
    taken[next] = place;
    places.set(column, place);
    next = (next + 1) % SLOTS;
    return place;
  }

  /** The address in bytes of the elements [at, at + count); null where they reach over more than a chunk. */
  return (column, at, count) => {
    const chunk = Math.floor((at + count - 1) / CHUNK);
    const first = Math.max(0, chunk * CHUNK - BEFORE);
    if (at < first) return null;
    const place = placeOf(column);
    last = place.slot;
    if (place.chunk !== chunk) {
      doubles.set(column.subarray(first, first + SLOT), place.slot * SLOT);
      place.chunk = chunk;
    }
    return (place.slot * SLOT + at - first) * Float64Array.BYTES_PER_ELEMENT;
  };
}
