import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { ArtifactRef } from '../shared/artifact.ts';
import { HoldfastError } from '../shared/errors.ts';
import type { ArtifactStore } from './store.ts';

const PART_BYTES = 8 * 1024 * 1024;

/** Writes an artifact to a new file, checked against its hash and never in memory as a whole. Fails as {@link ArtifactStore.get} does. */
export async function download(store: ArtifactStore, ref: ArtifactRef, path: string): Promise<void> {
  const hash = createHash('sha256');
  const file = await open(path, 'wx');
  try {
    for (let at = 0; at < ref.bytes;) {
      const part = await store.getRange(ref, at, Math.min(PART_BYTES, ref.bytes - at));
      if (part.length === 0) break; // the hash will tell
      hash.update(part);
      await file.appendFile(part);
      at += part.length;
    }
  } finally {
    await file.close();
  }
  if (hash.digest('hex') === ref.sha256) return;
  await store.verify(ref);
  throw new HoldfastError('artifact_unavailable', `The artifact ${ref.uri} was changed on its way here. It is fetched again.`);
}
