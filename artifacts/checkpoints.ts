import type { ArtifactRef } from '../shared/artifact.ts';
import type { EndReason } from '../shared/series.ts';
import { fromExactJson, toExactJson } from './exact-json.ts';
import type { ArtifactStore } from './store.ts';

/** All that is needed to go on from a bar as if nothing had happened. */
export interface Checkpoint {
  /** The bars this run began with: it goes on with the same ones, also when its source has newer ones by then. */
  dataset: ArtifactRef;
  /** The first bar that is not simulated yet. */
  bar: number;
  /** Bars of the whole run. */
  total: number;
  /** Why there is nothing left to simulate; null while there is. */
  ended: Exclude<EndReason, 'interrupted'> | null;
  /** The last chunk; null before the first. */
  chunk: ArtifactRef | null;
  slices: number;
  attempts: number;
  cpuSeconds: number;
  /** The simulator's own state: plain arrays, objects, numbers, strings, booleans and nulls. */
  state: unknown;
}

export interface CheckpointStore {
  write(scope: string, checkpoint: Checkpoint): Promise<ArtifactRef>;
  read(ref: ArtifactRef): Promise<Checkpoint>;
}

/** Checkpoints as JSON files that keep every number exactly, -0, NaN and infinities too. */
export function createCheckpointStore(artifacts: ArtifactStore): CheckpointStore {
  return {
    write: (scope, checkpoint) => artifacts.put(scope, Buffer.from(toExactJson(checkpoint))),
    read: async (ref) => fromExactJson(new TextDecoder().decode(await artifacts.get(ref))) as Checkpoint,
  };
}
