import type { ArtifactRef } from '../shared/artifact.ts';
import { canonicalJson } from '../shared/canonical-json.ts';
import { HoldfastError } from '../shared/errors.ts';
import type { BacktestSpec } from '../shared/spec.ts';
import type { SweepSpec } from '../shared/sweep-spec.ts';
import { heartbeatWhile } from './heartbeat.ts';
import type { Continued } from './jobs/continue-run.ts';
import type { Ports } from './ports.ts';

export interface ContinueInput {
  owner: string;
  spec: BacktestSpec;
  /** The run of the night before. */
  before: string;
  /** The bars of this night. */
  dataset: ArtifactRef;
}

/** Looks whether a night may go on where the one before it ended, and prepares the checkpoint. Whatever is in the way is no fault: the night then runs in full. */
export function continueNight({ results, threads, memory }: Pick<Ports, 'results' | 'threads' | 'memory'>) {
  return async ({ owner, spec, before, dataset: datasetRef }: ContinueInput): Promise<Continued> => {
    const run = await results.get(owner, before);
    const { result, checkpoint } = run ?? { result: null, checkpoint: null };
    // A run that is done at once stores none.
    if (result === null || checkpoint === null) return inFull('the night before left no checkpoint: it was done at once, or deleted');
    if (result.dataset === undefined) return inFull('the bars of the night before are not known');
    const { dataset: earlier, manifest } = result;
    if (memory.isStreamed(earlier)) return inFull('its bars do not fit into memory at once');
    const { strategyHash, engineVersion } = manifest;
    const work = memory.use(earlier, ({ dataset }) =>
      threads.run('continueRun', { owner, spec, checkpoint, strategyHash, engineVersion, dataset: dataset!, datasetRef }),
    );
    return heartbeatWhile(work, () => 'comparing bars').catch((error: unknown) => inFull(unlessLost(error)));
  };
}

/** Why a night cannot go on where an earlier one ended, as far as its spec says; null where it may. */
export function differenceOfSpecs(before: BacktestSpec | SweepSpec, now: BacktestSpec | SweepSpec): string | null {
  if (before.data.from !== now.data.from) return 'its first day moves with the nominal time';
  if (now.data.universe !== undefined) return 'members of a universe may have changed';
  return canonicalJson(withoutEnd(before)) === canonicalJson(withoutEnd(now)) ? null : 'the schedule was changed since';
}

function withoutEnd({ name: _name, data, ...spec }: BacktestSpec | SweepSpec): unknown {
  const { to: _to, asOf: _asOf, ...others } = data;
  // The priority of a sweep may be changed while it runs.
  return { ...spec, priority: null, data: others };
}

function inFull(full: string): Continued {
  return { checkpoint: null, newBars: null, full };
}

/** Why a night runs in full whose files of before cannot be read; all else fails. */
export function unlessLost(error: unknown): string {
  if (error instanceof HoldfastError && (error.code === 'artifact_damaged' || error.code === 'artifact_missing'))
    return 'files of the night before are damaged or lost';
  throw error;
}
