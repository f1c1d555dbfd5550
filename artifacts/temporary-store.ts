import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createFolderStore } from './folder-store.ts';
import type { ArtifactStore } from './store.ts';

/** A store for one test, in a folder that goes when the store does: `await using store = await temporaryStore()`. */
export async function temporaryStore(): Promise<{ folder: string; artifacts: ArtifactStore } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-artifacts-'));
  return {
    folder,
    artifacts: createFolderStore({ folder }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
