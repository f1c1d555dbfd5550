import { setTimeout as delay } from 'node:timers/promises';

const POLL_MS = 5;

/** Milliseconds, by nearest rank. */
export interface Quantiles {
  p50: number;
  p95: number;
  p99: number;
  count: number;
}

export function quantiles(values: readonly number[]): Quantiles {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), count: sorted.length };
}

/** Milliseconds that a piece of work takes. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

export async function repeat(count: number, work: (k: number) => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let k = 0; k < count; k++) times.push(await timed(() => work(k)));
  return times;
}

/** `count` pieces of work, at most `width` at a time. */
export async function many(count: number, width: number, work: (k: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: width }, lane));
}

export async function call<Body>(url: string, body?: unknown): Promise<Body> {
  const answer = await fetch(url, {
    ...(body !== undefined && { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as Body;
}

/** Nothing that is waited for takes as long. */
const PATIENCE_MS = 5 * 60_000;

/** Asks every 5 ms until the answer is as wanted; fails after five minutes. */
export async function until<Answer>(ask: () => Promise<Answer>, wanted: (answer: Answer) => boolean, pollMs = POLL_MS): Promise<Answer> {
  const start = performance.now();
  while (performance.now() - start < PATIENCE_MS) {
    const answer = await ask();
    if (wanted(answer)) return answer;
    await delay(pollMs);
  }
  throw new Error('what was waited for did not come within five minutes');
}
