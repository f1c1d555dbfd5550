import type { Projection } from '../results/runs.ts';
import type { Ports } from './ports.ts';

/** Writes a workflow's change to the row; a stale one changes nothing. */
export function project({ results }: Ports) {
  return async (projection: Projection): Promise<void> => {
    await results.project(projection);
  };
}
