import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createCheckpointStore } from '../artifacts/checkpoints.ts';
import { createChunkStore } from '../artifacts/chunks.ts';
import { createFolderStore } from '../artifacts/folder-store.ts';
import { createTrialTables } from '../artifacts/trial-tables.ts';
import { createSeriesStore } from '../artifacts/results.ts';
import { bundledSources, createMarketData } from '../market-data/catalog.ts';
import { createDatasetStore } from '../market-data/dataset-store.ts';
import { configuredSources } from '../market-data/sources-file.ts';
import { uploadedMarketData } from '../market-data/uploads/owners.ts';
import type { Upload } from '../shared/upload.ts';

/** The stores of artifacts below a home folder; the worker's main thread and each of its job threads open their own. `sourcesFile` describes more sources of bars. */
export function openArtifactStores(home: string, sourcesFile?: string) {
  const folder = join(home, 'artifacts');
  mkdirSync(folder, { recursive: true });
  const artifacts = createFolderStore({ folder });
  const sources = [...bundledSources(), ...configuredSources(sourcesFile)];
  return {
    artifacts,
    sources,
    marketData: createMarketData({ sources, artifacts }),
    uploaded: (upload: Upload) => uploadedMarketData(upload, { artifacts }),
    datasets: createDatasetStore(artifacts),
    chunks: createChunkStore(artifacts),
    checkpoints: createCheckpointStore(artifacts),
    series: createSeriesStore(artifacts),
    trialTables: createTrialTables(artifacts),
  };
}
