import type { ArtifactRef } from '../shared/artifact.ts';
import type { Dataset } from '../shared/bars.ts';
import type { ThreadPools } from './thread-pools.ts';

/** Datasets in memory that all threads share, loaded once a process. */
export interface DatasetCache {
  load(ref: ArtifactRef): Promise<Dataset>;
}

/** Keeps the most recently used datasets up to a budget in bytes; what a slice still uses stays alive through its own reference. */
export function createDatasetCache(threads: ThreadPools, budgetBytes: number): DatasetCache {
  const loaded = new Map<string, { bytes: number; dataset: Promise<Dataset> }>();

  function evict(): void {
    let bytes = [...loaded.values()].reduce((sum, entry) => sum + entry.bytes, 0);
    for (const [key, entry] of loaded) {
      if (bytes <= budgetBytes || loaded.size === 1) return;
      loaded.delete(key);
      bytes -= entry.bytes;
    }
  }

  return {
    load(ref) {
      const known = loaded.get(ref.sha256);
      loaded.delete(ref.sha256);
      const entry = known ?? { bytes: ref.bytes, dataset: threads.run('loadDataset', ref) };
      // A Map keeps insertion order: the first key is the least recently used one.
      loaded.set(ref.sha256, entry);
      entry.dataset.catch(() => loaded.delete(ref.sha256));
      evict();
      return entry.dataset;
    },
  };
}
