import type { Projection } from '../results/runs.ts';
import type { ResultStore } from '../results/store.ts';
import { isTerminal } from '../shared/names.ts';
import type { Ports } from './ports.ts';

/** Ends that come together are looked at together. */
const SOON_MS = 50;
/** Workflows that are started at a look. */
const MOST = 500;

type NotifierPorts = Pick<Ports, 'results' | 'workflows'>;

/** Starts a workflow for each message that waits for one; gives how many. Safe to repeat and to run twice at once. */
export async function startDeliveries({ results, workflows }: NotifierPorts): Promise<number> {
  const queued = await results.queuedDeliveries(MOST);
  for (const { id, owner } of queued) await workflows.notify({ deliveryId: id, owner });
  return queued.length;
}

/**
 * Rows as activities write them: soon after the end of a run, its messages are on their way. Nobody waits for that, and what fails here the reconciler
 * does: the messages stand in the rows since the end itself.
 */
export function withNotices(results: ResultStore, workflows: Ports['workflows']): ResultStore {
  let timer: NodeJS.Timeout | undefined;
  const look = (): void => {
    timer = undefined;
    startDeliveries({ results, workflows }).catch(() => undefined);
  };
  const after = <Value>(written: Value, changes: readonly Pick<Projection, 'change'>[]): Value => {
    const isEnd = changes.some(({ change: { status } }) => status !== undefined && isTerminal(status));
    if (isEnd) timer ??= setTimeout(look, SOON_MS).unref();
    return written;
  };
  return {
    ...results,
    project: async (projection) => after(await results.project(projection), [projection]),
    projectBatch: async (projection) => {
      const { status } = projection.change;
      return after(await results.projectBatch(projection), [{ change: status === undefined ? {} : { status } }]);
    },
  };
}
