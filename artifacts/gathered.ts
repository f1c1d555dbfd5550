import { concatBytes } from './concat-bytes.ts';

/** Below this a write costs more than a copy. */
const SMALL_BYTES = 64 * 1024;

/**
 * The same bytes with small neighbours joined; large parts are passed on without a copy. Encoders emit many parts of a few bytes. Small parts are
 * copied at once: whoever gave them may use their memory again.
 */
export async function* gathered(parts: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let small: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of parts) {
    const isLarge = part.length >= SMALL_BYTES;
    if (small.length > 0 && (isLarge || bytes >= SMALL_BYTES)) {
      yield concatBytes(small);
      small = [];
      bytes = 0;
    }
    if (isLarge) {
      yield part;
    } else {
      small.push(part.slice());
      bytes += part.length;
    }
  }
  if (small.length > 0) yield concatBytes(small);
}
