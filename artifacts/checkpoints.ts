import type { ArtifactRef } from '../shared/artifact.ts';
import { HoldfastError } from '../shared/errors.ts';
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
  /** Of a run whose bars are streamed: where its stretch begins, and what the columns before it left. Plain values, as `state`. */
  place?: unknown;
  /** The simulator's own state: plain arrays, objects, numbers, strings, booleans and nulls. */
  state: unknown;
}

export interface CheckpointStore {
  write(scope: string, checkpoint: Checkpoint): Promise<ArtifactRef>;
  read(ref: ArtifactRef): Promise<Checkpoint>;
  /** The first of these that is whole; fails as the first of them does when none is. */
  readFirst(refs: readonly ArtifactRef[]): Promise<{ ref: ArtifactRef; checkpoint: Checkpoint }>;
}

/** Checkpoints as JSON files that keep every number exactly, -0, NaN and infinities too. */
export function createCheckpointStore(artifacts: ArtifactStore): CheckpointStore {
  const read = async (ref: ArtifactRef): Promise<Checkpoint> =>
    fromExactJson(new TextDecoder().decode(await artifacts.get(ref))) as Checkpoint;
  return {
    write: (scope, checkpoint) => artifacts.put(scope, Buffer.from(toExactJson(checkpoint))),
    read,
    async readFirst(refs) {
      let failure: unknown;
      for (const ref of refs) {
        try {
          return { ref, checkpoint: await read(ref) };
        } catch (error) {
          if (!isLost(error)) throw error;
          failure ??= error;
        }
      }
      throw failure;
    },
  };
}

/** For good, as it is not while the store is away. */
function isLost(error: unknown): boolean {
  return error instanceof HoldfastError && (error.code === 'artifact_damaged' || error.code === 'artifact_missing');
}
