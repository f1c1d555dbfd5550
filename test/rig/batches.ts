import { setTimeout as delay } from 'node:timers/promises';
import type { Batch } from '../../shared/batch.ts';
import type { Result, RunSummary } from '../../shared/run.ts';
import type { BacktestSpecInput } from '../../shared/spec.ts';
import type { Service } from './service.ts';
import { smaCross } from './specs.ts';

/** Short runs on bundled data, each with parameters of its own. */
export function shortRuns(count: number): BacktestSpecInput[] {
  return Array.from({ length: count }, (_, k) => ({
    ...smaCross,
    strategy: { name: 'sma-cross', params: { fast: 2 + (k % 20), slow: 30 + Math.floor(k / 20) } },
  }));
}

export async function submitBatch({ url }: Service, items: BacktestSpecInput[], headers: Record<string, string> = {}): Promise<Batch> {
  const answer = await fetch(`${url}/v1/batches`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ name: 'A batch', items }),
  });
  if (answer.status !== 202) throw new Error(`the batch was refused with ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as Batch;
}

/** Follows a batch until it is as wanted; fails when it ends otherwise. */
export async function untilBatch(service: Service, id: string, wanted: (batch: Batch) => boolean): Promise<Batch> {
  for (;;) {
    const { body: batch } = await service.get<Batch>(`/v1/batches/${id}`);
    if (wanted(batch)) return batch;
    if (batch.finishedAt !== null) throw new Error(`batch ${id} ended as ${batch.status}: ${JSON.stringify(batch.error)}`);
    await delay(20);
  }
}

/** All items, in the order in which they were submitted. */
export async function itemsOf(service: Service, id: string): Promise<RunSummary[]> {
  const items: RunSummary[] = [];
  let cursor: string | null = null;
  do {
    const query: string = `sort=createdAt&limit=200${cursor === null ? '' : `&cursor=${cursor}`}`;
    const { body } = await service.get<{ items: RunSummary[]; nextCursor: string | null }>(`/v1/batches/${id}/items?${query}`);
    items.push(...body.items);
    cursor = body.nextCursor;
  } while (cursor !== null);
  return items;
}

export async function hashOf(service: Service, runId: string): Promise<string> {
  return (await service.get<Result>(`/v1/backtests/${runId}/result`)).body.manifest.resultHash;
}
