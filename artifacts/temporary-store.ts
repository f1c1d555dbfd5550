import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { createFolderStore } from './folder-store.ts';
import type { ArtifactStore } from './store.ts';

/** A store for the test that calls this; its folder goes when the test ends. */
export async function temporaryStore(): Promise<{ folder: string; artifacts: ArtifactStore }> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-artifacts-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return { folder, artifacts: createFolderStore({ folder }) };
}
