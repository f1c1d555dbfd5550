import { createHash } from 'node:crypto';
import { open, rename, type FileHandle } from 'node:fs/promises';
import type { ArtifactRef } from '../shared/artifact.ts';
import { HoldfastError } from '../shared/errors.ts';
import { asStoreError, systemErrorCode } from './store-errors.ts';

/** Of reading and hashing: the event loop is free after at most 3 ms. */
const PART_BYTES = 4 * 1024 * 1024;

/** The bytes in parts that are hashed or read at a time. */
export function* partsOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += PART_BYTES) yield bytes.subarray(at, at + PART_BYTES);
}

/** The file, checked against its hash, in the memory that `allocate` gives. */
export async function readWhole<Bytes extends Uint8Array>(
  path: string,
  ref: ArtifactRef,
  allocate: (bytes: number) => Bytes,
): Promise<Bytes> {
  const handle = await open(path, 'r').catch(failMissing(ref));
  try {
    const { size } = await handle.stat();
    const bytes = allocate(size);
    await hashParts(handle, { path, ref, size }, (from, to) => bytes.subarray(from, to));
    return bytes;
  } finally {
    await handle.close();
  }
}

/** Checks the file against its hash, a part at a time. */
export async function verifyFile(path: string, ref: ArtifactRef): Promise<void> {
  const handle = await open(path, 'r').catch(failMissing(ref));
  try {
    const { size } = await handle.stat();
    const part = new Uint8Array(PART_BYTES);
    await hashParts(handle, { path, ref, size }, (from, to) => part.subarray(0, to - from));
  } finally {
    await handle.close();
  }
}

/** Reads the bytes [from, to) of the file into what `target` gives for them, part by part. */
async function hashParts(
  handle: FileHandle,
  { path, ref, size }: { path: string; ref: ArtifactRef; size: number },
  target: (from: number, to: number) => Uint8Array,
): Promise<void> {
  const hash = createHash('sha256');
  for (let at = 0; at < size;) {
    const part = target(at, Math.min(size, at + PART_BYTES));
    const { bytesRead } = await handle.read(part, 0, part.length, at);
    if (bytesRead === 0) break; // cut off meanwhile: the hash will tell
    hash.update(part.subarray(0, bytesRead));
    at += bytesRead;
  }
  if (hash.digest('hex') === ref.sha256) return;
  // Under its own name it would keep the right bytes from being stored again.
  await rename(path, `${path}.damaged`).catch(() => undefined);
  throw damaged(ref);
}

/** Some bytes of the file, unchecked; fewer where it ends. */
export async function readRange(path: string, ref: ArtifactRef, { from, bytes }: { from: number; bytes: number }): Promise<Uint8Array> {
  const handle = await open(path, 'r').catch(failMissing(ref));
  try {
    const { buffer, bytesRead } = await handle.read(new Uint8Array(bytes), 0, bytes, from);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

export function damaged(ref: ArtifactRef): HoldfastError {
  const remedy = 'It was set aside as .damaged: restore it from a backup, or submit the run again';
  return new HoldfastError('artifact_damaged', `The artifact ${ref.uri} is not what was stored. ${remedy}.`);
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
