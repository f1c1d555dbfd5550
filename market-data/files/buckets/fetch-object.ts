import { open } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { ObjectChanged, type Bucket, type StoredObject } from './bucket.ts';
import { statusOf } from './failure.ts';

/** Tries without a byte of progress. */
const TRIES = 5;
const PAUSE_MS = 250;
/** Of the end of a Parquet file: its metadata is mostly shorter. */
const END_BYTES = 64 * 1024;
/** The length of the metadata and the magic word at the end of a Parquet file. */
const TRAILER_BYTES = 8;

/** Writes an object to a new file. One that is cut off goes on where it was. */
export async function fetchWhole(bucket: Bucket, object: StoredObject, path: string, signal?: AbortSignal): Promise<void> {
  const file = await open(path, 'wx');
  let at = 0;
  const readOn = async () => {
    for await (const part of bucket.read(object, { from: at, to: object.bytes }, signal)) {
      await file.appendFile(part);
      at += part.length;
    }
    if (at < object.bytes) throw new Error('the connection ended before the object did');
  };
  try {
    for (let tries = 1, before = 0; at < object.bytes; tries++) {
      try {
        await readOn();
      } catch (error) {
        signal?.throwIfAborted();
        if (at > before) tries = 1;
        before = at;
        // The client library has tried what answers badly; a cut in the middle is what it leaves to its caller.
        if (tries === TRIES || error instanceof ObjectChanged || statusOf(error) !== undefined) throw error;
        await delay(PAUSE_MS * 2 ** tries, undefined, signal ? { signal } : {});
      }
    }
  } finally {
    await file.close();
  }
}

/** Writes a file of the object's length which has only the metadata at its end, as Parquet files do; the rest takes no room on the disk. */
export async function fetchEnd(bucket: Bucket, object: StoredObject, path: string, signal?: AbortSignal): Promise<void> {
  const read = async (from: number) => {
    const parts: Uint8Array[] = [];
    for await (const part of bucket.read(object, { from, to: object.bytes }, signal)) parts.push(part);
    return Buffer.concat(parts);
  };
  let end = await read(Math.max(0, object.bytes - END_BYTES));
  const needed = end.length < TRAILER_BYTES ? 0 : end.readUInt32LE(end.length - TRAILER_BYTES) + TRAILER_BYTES;
  if (needed > end.length && needed <= object.bytes) end = await read(object.bytes - needed);
  const file = await open(path, 'wx');
  try {
    await file.write(end, 0, end.length, object.bytes - end.length);
  } finally {
    await file.close();
  }
}
