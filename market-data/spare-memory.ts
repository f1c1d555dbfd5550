/**
 * Memory by name that is used again and again, since fresh pages and their collection cost more than the work on a block of bars. What was
 * handed out in a turn stays as it is until the turn after the next one.
 */
export interface SpareMemory {
  /** At least so many bytes; where there were fewer before in this turn, with what they held. */
  bytes(name: string, length: number): ArrayBuffer;
  /** So many doubles; what they hold is whatever was there. */
  doubles(name: string, length: number): Float64Array<ArrayBuffer>;
  turn(): void;
}

export function createSpareMemory(): SpareMemory {
  let now = new Map<string, ArrayBuffer>();
  let other = new Map<string, ArrayBuffer>();

  function bytes(name: string, length: number): ArrayBuffer {
    const there = now.get(name);
    if (there !== undefined && there.byteLength >= length) return there;
    const larger = new ArrayBuffer(Math.max(length, there === undefined ? 0 : 2 * there.byteLength));
    if (there !== undefined) new Uint8Array(larger).set(new Uint8Array(there));
    now.set(name, larger);
    return larger;
  }

  return {
    bytes,
    doubles: (name, length) => new Float64Array(bytes(name, length * Float64Array.BYTES_PER_ELEMENT), 0, length),
    turn: () => void ([now, other] = [other, now]),
  };
}
