import useSWR, { type SWRConfiguration, type SWRResponse } from 'swr';
import { callApi, RefusedError } from './api.ts';
import { noteFetched, type LiveState } from './live.ts';

/**
 * What the API says at a path (with its query); nothing is asked for null. Answers are kept by path and asked for again when the page is looked at, the network
 * comes back, or someone calls `mutate`. What it says of running things is also known to `useLive`.
 */
export function useApi<Answer>(path: string | null, options: SWRConfiguration<Answer> = {}): SWRResponse<Answer, Error> {
  return useSWR<Answer, Error>(path, getApi, options);
}

/** Asks a path, and notes what it says of running things. */
export async function getApi<Answer>(path: string): Promise<Answer> {
  const askedAt = performance.now();
  const answer = await callApi<Answer>(path);
  noteFetched(liveIn(answer), askedAt);
  return answer;
}

function liveIn(answer: unknown): ({ id: string } & LiveState)[] {
  const items = typeof answer === 'object' && answer !== null && 'items' in answer && Array.isArray(answer.items) ? answer.items : [answer];
  return items.filter((item) => typeof item?.id === 'string' && typeof item.status === 'string' && typeof item.progress === 'object');
}

/** A refusal will not become another one by asking again; what is away comes back. */
export const SWR_SETTINGS: SWRConfiguration = {
  shouldRetryOnError: (error: unknown) => !(error instanceof RefusedError) || error.problem.status >= 500,
  errorRetryInterval: 2_000,
  dedupingInterval: 500,
  focusThrottleInterval: 10_000,
};
