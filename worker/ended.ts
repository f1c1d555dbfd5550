import type { Worker } from '@temporalio/worker';

const LOOK_MS = 100;
/** Of having nothing in hand. What is still asked of the server within it is handed on by its timeouts. */
const IDLE_MS = 2_000;
/** Whoever looks for the reason of a slow end is told what is under way. */
const LONG_MS = 8_000;

/**
 * Waits for workers that were asked to shut down, but not for what the SDK may wait for after the last step has ended: nothing is lost by
 * leaving then. False says that this was so. Where it takes long, `warn` hears once which workers are busy, and with how much.
 */
export async function ended(
  workers: readonly Pick<Worker, 'getStatus'>[],
  running: Promise<unknown>,
  warn: (busy: object[]) => void,
): Promise<boolean> {
  const stopped = running.then(
    () => true,
    () => true,
  );
  const since = performance.now();
  let idleSince = since;
  let warned = false;
  for (;;) {
    if (await Promise.race([stopped, pause()])) return true;
    if (!warned && performance.now() - since > LONG_MS) {
      warned = true;
      warn(workers.filter(isBusy).map((worker) => worker.getStatus()));
    }
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
