import { isTerminal, type RunRequest } from '#shared/names.ts';
import type { Run, RunSummary } from '#shared/run.ts';
import { callApi } from '@/lib/api.ts';
import { noteFetched } from '@/lib/live.ts';

export type Steered = Pick<RunSummary, 'id' | 'status' | 'requested' | 'batch'>;

/** What may be asked of a run as it is. */
export function mayAsk({ status, batch }: Steered, request: RunRequest): boolean {
  if (isTerminal(status) || batch !== null || status === 'cancelling') return false;
  if (request === 'pause') return status === 'queued' || status === 'running';
  if (request === 'resume') return status === 'paused' || status === 'pausing';
  return true;
}

/** What a request will do, in words. */
export const EFFECTS: Record<RunRequest, string> = {
  pause: 'Stops at the next bar and keeps everything; it can go on at any time.',
  resume: 'Goes on where it stopped; no work is lost.',
  cancel: 'Stops for good. What has been computed so far is kept as a partial result.',
};

/** Asks it. The answer is the run with the request recorded; it takes effect moments later. */
export async function ask(id: string, request: RunRequest): Promise<Run> {
  const askedAt = performance.now();
  const run = await callApi<Run>(`/v1/backtests/${id}/${request}`, { method: 'POST' });
  noteFetched([run], askedAt);
  return run;
}
