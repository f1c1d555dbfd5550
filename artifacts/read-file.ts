import { createHash } from 'node:crypto';
import { open, rename } from 'node:fs/promises';
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
    const hash = createHash('sha256');
    const bytes = allocate(size);
    for (let at = 0; at < size;) {
      const { bytesRead } = await handle.read(bytes, at, Math.min(PART_BYTES, size - at), at);
      if (bytesRead === 0) break; // cut off meanwhile: the hash will tell
      hash.update(bytes.subarray(at, at + bytesRead));
      at += bytesRead;
    }
    if (hash.digest('hex') !== ref.sha256) {
      // Under its own name it would keep the right bytes from being stored again.
      await rename(path, `${path}.damaged`).catch(() => undefined);
      throw damaged(ref);
    }
    return bytes;
  } finally {
    await handle.close();
  }
}

/** The first bytes of the file, unchecked. */
export async function readHead(path: string, ref: ArtifactRef, length: number): Promise<Uint8Array> {
  const handle = await open(path, 'r').catch(failMissing(ref));
  try {
    const { buffer, bytesRead } = await handle.read(new Uint8Array(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

function damaged(ref: ArtifactRef): HoldfastError {
  const remedy = 'It was set aside as .damaged: restore it from a backup, or submit the run again';
  return new HoldfastError('artifact_damaged', `The artifact ${ref.uri} is not what was stored. ${remedy}.`);
}

function failMissing(ref: ArtifactRef): (error: unknown) => never {
  return (error) => {
    if (systemErrorCode(error) !== 'ENOENT') throw asStoreError(error);
    const remedy = 'Check that this process uses the same artifact folder as the one that stored it';
    throw new HoldfastError('artifact_missing', `The artifact ${ref.uri} is missing. ${remedy}.`, { cause: error });
  };
}
