import type { ArtifactRef } from '../shared/artifact.ts';
import type { SweepInput } from '../shared/start.ts';
import { planOf } from '../strategies/sweep/plan.ts';
import { keepsEnds } from '../strategies/sweep/shard-columns.ts';
import { unlessLost } from './continue-night.ts';
import { heartbeatWhile } from './heartbeat.ts';
import type { Ports } from './ports.ts';
import { originOf, sweepOf } from './sweep-rows.ts';

export interface ContinueSweepInput {
  owner: string;
  sweepId: string;
  /** The sweep of the night before. */
  before: string;
  /** The bars of this night. */
  dataset: ArtifactRef;
}

/** Where the trials of a night go on, and how many bars are left; or why they begin at the first bar. */
export type ContinuedSweep =
  | { before: NonNullable<SweepInput['before']>; newBars: number; full: null }
  | { before: null; newBars: null; full: string };

/** Looks whether the trials of a night may go on where those of the one before it ended. Whatever is in the way is no fault: the night then runs in full. */
export function continueSweepNight(ports: Ports) {
  return async ({ owner, sweepId, before: earlierId, dataset: datasetRef }: ContinueSweepInput): Promise<ContinuedSweep> => {
    const [{ spec }, earlier] = await Promise.all([sweepOf(ports, sweepId), ports.results.get(owner, earlierId, 'sweep')]);
    if (earlier === null || earlier.result === null) return inFull('the night before was deleted');
    const { dataset, manifest } = earlier.result;
    if (ports.modules.has(spec.strategy)) return inFull('its strategy is a module');
    if (spec.search.kind === 'tpe') return inFull('its search follows what its trials came to, so that others are tried');
    if (!keepsEnds(spec, planOf(spec))) return inFull('it has several symbols, or figures that need the whole curve');
    if (ports.memory.isStreamed(dataset)) return inFull('its bars do not fit into memory at once');
    const { family, strategyHash } = originOf(ports, earlier.spec, dataset);
    if (manifest.engineVersion !== ports.sweeps.engineVersion) return inFull('the engine has changed since');
    if (manifest.strategyHash !== strategyHash) return inFull('the strategy has changed since');
    if (earlier.result.cached === earlier.result.trials) return inFull('the night before computed nothing: its trials had been known');
    const work = ports.memory.use(dataset, (share) => ports.threads.run('continueSweep', { spec, dataset: share.dataset!, datasetRef }));
    const bars = dataset.rows;
    return heartbeatWhile(work, () => 'comparing bars').then(
      ({ newBars, full }) => (full === null ? { before: { sweepId: earlierId, family, bars }, newBars, full } : inFull(full)),
      (error: unknown) => inFull(unlessLost(error)),
    );
  };
}

function inFull(full: string): ContinuedSweep {
  return { before: null, newBars: null, full };
}
