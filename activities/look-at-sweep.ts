import type { Projection } from '../results/runs.ts';
import { HoldfastError } from '../shared/errors.ts';
import type { Ports } from './ports.ts';

export interface LookInput {
  sweepId: string;
  /** How far it is, for whoever watches. */
  progress: Pick<Projection, 'epoch' | 'reset'> & { done: number; perSecond: number };
}

/** What may have changed since a sweep was looked at. */
export interface SweepNow {
  /** Trials that are wanted. */
  total: number;
  /** 1 comes first. */
  priority: number;
  /** Shards that it may have at a time: its part of what its owner may have. */
  shards: number;
}

/** Tells how far a sweep is, and reads what is wanted of it by now. */
export function lookAtSweep({ results, sweeps }: Ports) {
  return async ({ sweepId, progress }: LookInput): Promise<SweepNow> => {
    await results.reportProgress({ runId: sweepId, ...progress });
    const found = await results.lookAtSweep(sweepId);
    if (found === null) throw new HoldfastError('not_found', `The sweep ${sweepId} was deleted.`);
    const { sweep, running } = found;
    return { total: sweep.total, priority: sweep.spec.priority, shards: Math.max(1, Math.floor(sweeps.shards / running)) };
  };
}
