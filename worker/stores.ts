import { createCheckpointStore } from '../artifacts/checkpoints.ts';
import { createChunkStore } from '../artifacts/chunks.ts';
import { createTrialTables } from '../artifacts/trial-tables.ts';
import { openArtifacts, type ArtifactPlace } from '../artifacts/open-artifacts.ts';
import { createSeriesStore } from '../artifacts/results.ts';
import { bundledSources, createMarketData } from '../market-data/catalog.ts';
import { createDatasetStore } from '../market-data/dataset-store.ts';
import { configuredSources } from '../market-data/sources-file.ts';
import { uploadedMarketData } from '../market-data/uploads/owners.ts';
import type { Upload } from '../shared/upload.ts';

/** What describes further sources of bars, and how much of the disk copies of them may take. */
export interface SourcesSettings {
  file: string | undefined;
  cacheMb: number;
}

/** The stores of artifacts of a home folder; the worker's main thread and each of its job threads open their own. */
export function openArtifactStores(home: string, further?: SourcesSettings, place: ArtifactPlace | null = null) {
  const { artifacts, files } = openArtifacts(home, place);
  const sources = [...bundledSources(), ...(further ? configuredSources(further.file, { home, cacheMb: further.cacheMb }) : [])];
  return {
    artifacts,
    files,
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
