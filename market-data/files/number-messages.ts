import type { Readable } from 'node:stream';

/** Numbers before the columns of a message: the count of rows, and that of columns. */
const HEAD = 2;
const BYTES = Float64Array.BYTES_PER_ELEMENT;

/** The columns of each message on a pipe; none for one without rows. */
export async function* numberMessages(pipe: Readable): AsyncGenerator<Float64Array[]> {
  let head = startOf(HEAD);
  let body: Part | null = null;
  for await (const chunk of pipe as AsyncIterable<Buffer>) {
    for (let at = 0; at < chunk.length;) {
      const part: Part = body ?? head;
      const taken = Math.min(chunk.length - at, part.bytes.length - part.filled);
      part.bytes.set(chunk.subarray(at, at + taken), part.filled);
      part.filled += taken;
      at += taken;
      if (part.filled < part.bytes.length) continue;
      const [rows = 0, columns = 0] = head.numbers;
      if (body === null && rows > 0) {
        body = startOf(rows * columns);
        continue;
      }
      const { numbers } = part;
      yield body === null ? [] : Array.from({ length: columns }, (_, index) => numbers.subarray(index * rows, (index + 1) * rows));
      head = startOf(HEAD);
      body = null;
    }
  }
}

interface Part {
  numbers: Float64Array;
  bytes: Uint8Array;
  filled: number;
}

function startOf(length: number): Part {
  const bytes = new Uint8Array(length * BYTES);
  return { numbers: new Float64Array(bytes.buffer), bytes, filled: 0 };
}
