import { createHash } from 'node:crypto';
import { open, rename, stat, utimes, type FileHandle } from 'node:fs/promises';
import type { ArtifactRef } from '../shared/artifact.ts';
import { HoldfastError } from '../shared/errors.ts';
import { RENEW_AFTER_MS } from './grace.ts';
import { asStoreError, nullIfMissing, systemErrorCode } from './store-errors.ts';

/** Of reading and hashing: the event loop is free after at most 3 ms. */
const PART_BYTES = 4 * 1024 * 1024;

/** The bytes in parts that are hashed or read at a time. */
export function* partsOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += PART_BYTES) yield bytes.subarray(at, at + PART_BYTES);
}

/** The file, or the part of it, checked against its hash, in the memory that `allocate` gives. */
export async function readWhole<Bytes extends Uint8Array>(
  path: string,
  ref: ArtifactRef,
  allocate: (bytes: number) => Bytes,
): Promise<Bytes> {
  const handle = await open(path, 'r').catch(failMissing(ref));
  try {
    const size = await sizeOf(handle, ref);
    const bytes = allocate(size);
    const hash = await hashOf(handle, { from: ref.from, size }, (from, to) => bytes.subarray(from, to));
    if (hash !== ref.sha256) throw await damaged(path, ref);
    return bytes;
  } finally {
    await handle.close();
  }
}

/** Checks the file, or the part of it, against its hash, a few megabytes at a time. */
export async function verifyFile(path: string, ref: ArtifactRef): Promise<void> {
  if (!(await isIntact(path, ref))) throw await damaged(path, ref);
}

/** As {@link verifyFile}, for whoever would write it anew: false also where there is none. */
export async function isIntactFile(path: string, ref: ArtifactRef): Promise<boolean> {
  return isIntact(path, ref).catch((error: unknown) => {
    if (error instanceof HoldfastError && error.code === 'artifact_missing') return false;
    throw error;
  });
}

async function isIntact(path: string, ref: ArtifactRef): Promise<boolean> {
  const handle = await open(path, 'r').catch(failMissing(ref));
  try {
    const size = await sizeOf(handle, ref);
    const buffer = new Uint8Array(Math.min(size, PART_BYTES));
    const hash = await hashOf(handle, { from: ref.from, size }, (from, to) => buffer.subarray(0, to - from));
    return hash === ref.sha256;
  } finally {
    await handle.close();
  }
}

/** Of a whole file as it is, not as it should be. */
async function sizeOf(handle: FileHandle, ref: ArtifactRef): Promise<number> {
  return ref.from === undefined ? (await handle.stat()).size : ref.bytes;
}

/** The hash of `size` bytes from `from` on, read into what `target` gives for them, part by part. */
async function hashOf(
  handle: FileHandle,
  { from = 0, size }: { from: number | undefined; size: number },
  target: (from: number, to: number) => Uint8Array,
): Promise<string> {
  const hash = createHash('sha256');
  for (let at = 0; at < size;) {
    const part = target(at, Math.min(size, at + PART_BYTES));
    const { bytesRead } = await handle.read(part, 0, part.length, from + at);
    if (bytesRead === 0) break; // cut off meanwhile: the hash will tell
    hash.update(part.subarray(0, bytesRead));
    at += bytesRead;
  }
  return hash.digest('hex');
}

/**
 * Whether a file of that size is there: enough where what is there was written whole. It will be for a while, too: its time is made new where the
 * grace would end soon.
 */
export async function isStored(path: string, bytes: number): Promise<boolean> {
  const file = await stat(path).catch(nullIfMissing);
  if (file?.size !== bytes) return false;
  const now = Date.now();
  return now - file.mtimeMs < RENEW_AFTER_MS || (await isRenewed(path, now / 1000));
}

/** False where it was removed since. */
async function isRenewed(path: string, seconds: number): Promise<boolean> {
  return (await utimes(path, seconds, seconds).catch(nullIfMissing)) !== null;
}

/** Some bytes of the file, unchecked; fewer where it ends. */
export async function readRange(path: string, ref: ArtifactRef, { from, bytes }: { from: number; bytes: number }): Promise<Uint8Array> {
  const handle = await open(path, 'r').catch(failMissing(ref));
  try {
    // Behind a part lies the next one.
    const most = ref.from === undefined ? bytes : Math.max(0, Math.min(bytes, ref.bytes - from));
    const { buffer, bytesRead } = await handle.read(new Uint8Array(most), 0, most, (ref.from ?? 0) + from);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

/**
 * A file that is damaged is set aside: under its own name it would keep the right bytes from being stored again. One of several parts is not, for
 * the others may be whole.
 */
async function damaged(path: string, ref: ArtifactRef): Promise<HoldfastError> {
  if (ref.from === undefined) await rename(path, `${path}.damaged`).catch(() => undefined);
  return damagedArtifact(ref);
}

export function damagedArtifact(ref: ArtifactRef): HoldfastError {
  const which = ref.from === undefined ? `The artifact ${ref.uri}` : `A part of the artifact ${ref.uri}, from byte ${ref.from} on,`;
  const aside = ref.from === undefined ? 'It was set aside as .damaged: restore it' : 'Restore it';
  return new HoldfastError('artifact_damaged', `${which} is not what was stored. ${aside} from a backup, or submit the run again.`);
}

function failMissing(ref: ArtifactRef): (error: unknown) => never {
  return (error) => {
    if (systemErrorCode(error) !== 'ENOENT') throw asStoreError(error);
    throw missing(ref, 'Check that this process uses the same artifact folder as the one that stored it', error);
  };
}

export function missing(ref: ArtifactRef, remedy: string, cause: unknown): HoldfastError {
  return new HoldfastError('artifact_missing', `The artifact ${ref.uri} is missing. ${remedy}.`, { cause });
}
