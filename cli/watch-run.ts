import { setTimeout as delay } from 'node:timers/promises';
import { isTerminal } from '../shared/names.ts';
import { RunSummary } from '../shared/run.ts';
import { type HttpClient, RefusedError, UnreachableError } from './http-client.ts';
import type { ProgressView } from './progress.ts';

const FIRST_WAIT_MS = 40;
const LONGEST_WAIT_MS = 500;
/** A restart of the service takes seconds; after this long without an answer it is gone. */
const PATIENCE_MS = 60_000;

/** Follows a run until it has ended, and resolves to its last state. Rejects when `signal` aborts or the service stays away. */
export async function watchRun(client: HttpClient, id: string, view: ProgressView, signal: AbortSignal): Promise<RunSummary> {
  let wait = FIRST_WAIT_MS;
  let answered = Date.now();
  try {
    for (;;) {
      const run = await read(client, id, Date.now() - answered < PATIENCE_MS);
      if (run !== null) {
        answered = Date.now();
        view.show(run);
        if (isTerminal(run.status)) return run;
      }
      await delay(wait, undefined, { signal });
      wait = Math.min(wait * 2, LONGEST_WAIT_MS);
    }
  } finally {
    view.stop();
  }
}

/** The run; null when the service is away for the moment and `patient` is set. */
async function read(client: HttpClient, id: string, patient: boolean): Promise<RunSummary | null> {
  try {
    return RunSummary.parse(await client.json({ path: `/v1/backtests/${id}` }));
  } catch (error) {
    const away = error instanceof UnreachableError || (error instanceof RefusedError && error.problem.status >= 500);
    if (away && patient) return null;
    throw error;
  }
}
