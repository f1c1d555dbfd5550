import type { CheckpointStore } from '../artifacts/checkpoints.ts';
import type { ChunkStore } from '../artifacts/chunks.ts';
import { collectGarbage, type Collected } from '../artifacts/collect-garbage.ts';
import type { StoredFiles } from '../artifacts/stored-files.ts';
import { namedFiles } from '../results/named-files.ts';
import type { ResultStore } from '../results/store.ts';
import type { ArtifactRef } from '../shared/artifact.ts';
import { HoldfastError } from '../shared/errors.ts';

interface GarbageSources {
  results: Pick<ResultStore, 'namingRows'>;
  files: StoredFiles;
  checkpoints: Pick<CheckpointStore, 'read'>;
  chunks: Pick<ChunkStore, 'readHead'>;
}

/** Collects files that neither a row names, nor a checkpoint or chunk that is named. */
export function createGarbage({ results, files, checkpoints, chunks }: GarbageSources): { collect(now?: number): Promise<Collected> } {
  async function* named(): AsyncGenerator<ArtifactRef> {
    for await (const { ref, isCheckpoint } of namedFiles(results)) {
      yield ref;
      if (isCheckpoint) yield* namedBy(ref);
    }
  }

  /** The bars of a run that goes on from a checkpoint, and all chunks up to it. */
  async function* namedBy(checkpoint: ArtifactRef): AsyncGenerator<ArtifactRef> {
    const found = await unlessLost(checkpoints.read(checkpoint));
    if (found === null) return;
    yield found.dataset;
    for (let chunk = found.chunk; chunk !== null; chunk = (await unlessLost(chunks.readHead(chunk)))?.previous ?? null) yield chunk;
  }

  return { collect: (now = Date.now()) => collectGarbage(files, named(), now) };
}

/** Null for a file that is lost for good; while the store is away nothing may be taken for unnamed. */
async function unlessLost<Value>(reading: Promise<Value>): Promise<Value | null> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof HoldfastError && ['artifact_missing', 'artifact_damaged'].includes(error.code)) return null;
    throw error;
  }
}
