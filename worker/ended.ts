import type { Worker } from '@temporalio/worker';

const LOOK_MS = 100;
/** Of having nothing in hand. What is still asked of the server within it is handed on by its timeouts. */
const IDLE_MS = 2_000;

/**
 * Waits for workers that were asked to shut down. Now and then the SDK goes on waiting for its pollers after the last step has ended (seen
 * with 1.24 in three of a hundred shutdowns of a busy machine); nothing is lost by leaving then. False says that this was so.
 */
export async function ended(workers: readonly Pick<Worker, 'getStatus'>[], running: Promise<unknown>): Promise<boolean> {
  const stopped = running.then(
    () => true,
    () => true,
  );
  let idleSince = performance.now();
  for (;;) {
    if (await Promise.race([stopped, pause()])) return true;
    if (workers.some(isBusy)) idleSince = performance.now();
    else if (performance.now() - idleSince > IDLE_MS) return false;
  }
}

function isBusy(worker: Pick<Worker, 'getStatus'>): boolean {
  const { numInFlightActivities, numInFlightWorkflowActivations } = worker.getStatus();
  return numInFlightActivities + numInFlightWorkflowActivations > 0;
}

/** Of the clock that tests can turn. */
function pause(): Promise<false> {
  return new Promise((resolve) => setTimeout(resolve, LOOK_MS, false));
}
