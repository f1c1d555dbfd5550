import { isTerminal, type RunKind, type RunRequest } from '#shared/names.ts';
import type { RunSummary } from '#shared/run.ts';
import { callApi } from './api.ts';
import { noteFetched } from './live.ts';

/** What steering looks at; items of a batch are steered by it. */
export type Steered = Pick<RunSummary, 'id' | 'status' | 'requested'> & { batch?: string | null };

/** What may be asked of a run or a sweep as it is. */
export function mayAsk({ status, batch = null }: Steered, request: RunRequest): boolean {
  if (isTerminal(status) || batch !== null || status === 'cancelling') return false;
  if (request === 'pause') return status === 'queued' || status === 'running';
  if (request === 'resume') return status === 'paused' || status === 'pausing';
  return true;
}

/** What a request will do, and what it keeps. */
export const EFFECTS: Record<RunKind, Record<RunRequest, string>> = {
  backtest: {
    pause: 'Stops at the next bar and keeps everything; it can go on at any time.',
    resume: 'Goes on where it stopped; no work is lost.',
    cancel: 'Stops for good. What has been computed so far is kept as a partial result.',
  },
  sweep: {
    pause: 'Workers stop after the trials that they are at. Every trial that is done is kept, and it can go on at any time.',
    resume: 'Goes on with the trials that are missing. None is computed twice.',
    cancel: 'Stops for good. The trials that are done are ranked and kept as a partial result, without a verdict.',
  },
};

/** Asks it. The answer shows the request as recorded; it takes effect moments later. */
export async function ask(kind: RunKind, id: string, request: RunRequest): Promise<void> {
  const askedAt = performance.now();
  noteFetched([await callApi<RunSummary>(`/v1/${kind}s/${id}/${request}`, { method: 'POST' })], askedAt);
}
