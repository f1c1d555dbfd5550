import { isTerminal, type RunRequest } from '#shared/names.ts';
import type { Sweep, SweepSummary } from '#shared/sweep.ts';
import { callApi } from '@/lib/api.ts';
import { noteFetched } from '@/lib/live.ts';

/** What may be asked of a sweep as it is. */
export function mayAsk({ status }: Pick<SweepSummary, 'status'>, request: RunRequest): boolean {
  if (isTerminal(status) || status === 'cancelling') return false;
  if (request === 'pause') return status === 'queued' || status === 'running';
  if (request === 'resume') return status === 'paused' || status === 'pausing';
  return true;
}

/** What a request will do, and what it keeps. */
export const EFFECTS: Record<RunRequest, string> = {
  pause: 'Workers stop after the trials that they are at. Every trial that is done is kept, and it can go on at any time.',
  resume: 'Goes on with the trials that are missing. None is computed twice.',
  cancel: 'Stops for good. The trials that are done are ranked and kept as a partial result, without a verdict.',
};

/** Asks it. The answer is the sweep with the request recorded; it takes effect moments later. */
export async function ask(id: string, request: RunRequest): Promise<void> {
  const askedAt = performance.now();
  noteFetched([await callApi<Sweep>(`/v1/sweeps/${id}/${request}`, { method: 'POST' })], askedAt);
}
