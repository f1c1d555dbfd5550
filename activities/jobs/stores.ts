import type { ChunkStore } from '../../artifacts/chunks.ts';
import type { CheckpointStore } from '../../artifacts/checkpoints.ts';
import type { TrialTables } from '../../artifacts/trial-tables.ts';
import type { SeriesStore } from '../../artifacts/results.ts';
import type { MarketData } from '../../market-data/catalog.ts';
import type { Decider } from '../../engine/run-simulation.ts';
import type { DatasetStore } from '../../market-data/dataset-store.ts';
import type { Bars } from '../../shared/bars.ts';
import type { StrategySpec } from '../../shared/spec.ts';
import type { Upload } from '../../shared/upload.ts';
import type { Surroundings } from '../../strategies/catalog.ts';

/** What the jobs read and write; each thread holds its own, wired by `worker/thread.ts`. */
export interface JobStores {
  marketData: MarketData;
  /** The bars of an upload. */
  uploaded: (upload: Upload) => MarketData;
  datasets: DatasetStore;
  chunks: ChunkStore;
  checkpoints: CheckpointStore;
  series: SeriesStore;
  trialTables: TrialTables;
  /** What decides in a run: built in, or a module in a process that runs one. */
  prepareDecider: (strategy: StrategySpec, bars: readonly Bars[], surroundings: Surroundings) => Decider;
  /** Hash of the engine's sources and of a self-test of the platform's maths. */
  engineVersion: string;
  /** Hash of the sources of a strategy, by its name. */
  strategyHash: (name: string) => string;
}
