import type { ArtifactRef } from '../shared/artifact.ts';
import type { Projection } from '../results/store.ts';
import type { BacktestSpec } from '../shared/spec.ts';
import type { Ports } from './ports.ts';

/**
 * Opens a run: shows it as running, and looks whether its dataset is already there. A run that goes on from a checkpoint keeps
 * the dataset it began with, also when the source has newer bars by now. Null means: fetch it.
 */
export function findDataset({ results, marketData, checkpoints }: Ports) {
  return async (input: { spec: BacktestSpec; checkpoint: ArtifactRef | null; opened: Projection }): Promise<ArtifactRef | null> => {
    const [, dataset] = await Promise.all([
      results.project(input.opened),
      input.checkpoint ? checkpoints.read(input.checkpoint).then((checkpoint) => checkpoint.dataset) : marketData.cached(input.spec),
    ]);
    return dataset;
  };
}
