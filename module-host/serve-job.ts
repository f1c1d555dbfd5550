import { parentPort, workerData } from 'node:worker_threads';
import { HoldfastError } from '../shared/errors.ts';
import type { FromThread, Outcome, ThreadData, ToThread } from './protocol.ts';

type Job<Own, Argument, Kept> = (
  argument: Argument,
  context: ThreadData<Own> & { kept: Kept | null },
) => Promise<{ value: unknown; kept: Kept | null }>;

/** Serves the one job of a thread in a module's process. */
export function serveJob<Own, Argument, Kept = never>(job: Job<Own, Argument, Kept>): void {
  // In a thread this would only throw; a module that aborts is to end like any process that does.
  process.abort = () => process.kill(process.pid, 'SIGABRT') as never;
  parentPort!.once('message', (message: ToThread) => {
    const context = { ...(workerData as ThreadData<Own>), kept: message.kept as Kept | null };
    void settle(job(message.job as Argument, context)).then((answer) => parentPort!.postMessage(answer));
  });
}

async function settle(result: Promise<{ value: unknown; kept: unknown }>): Promise<FromThread> {
  try {
    const { value, kept } = await result;
    return { outcome: { value }, kept };
  } catch (error) {
    return { outcome: { error: failureOf(error) }, kept: null };
  }
}

function failureOf(error: unknown): Extract<Outcome, { error: unknown }>['error'] {
  if (error instanceof HoldfastError) return { code: error.code, message: error.message, faults: error.faults };
  return { code: 'internal', message: error instanceof Error ? error.message : String(error), faults: [] };
}
