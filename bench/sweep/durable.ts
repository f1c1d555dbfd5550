import { Client, Connection } from '@temporalio/client';
import type { SweepSpecInput } from '../../shared/sweep-spec.ts';
import type { Sweep, SweepResult } from '../../shared/sweep.ts';
import { call, until } from '../durability/measure.ts';
import type { BenchStack } from '../stack.ts';

export interface DurableSweep {
  /** From POST to the stored table. */
  seconds: number;
  result: SweepResult;
  events: HistoryCounts;
}

interface HistoryCounts {
  /** Events of each Temporal run of the workflow. */
  perRun: number[];
  shards: number;
  /** Shards of which a second attempt was made. */
  again: number;
}

/** Submits a sweep and waits for its end. */
export async function runSweep(
  stack: BenchStack,
  spec: SweepSpecInput,
  meanwhile: (id: string) => Promise<void> = async () => {},
): Promise<DurableSweep> {
  const start = performance.now();
  const { id } = await call<Sweep>(`${stack.url}/v1/sweeps`, spec);
  const ended = until(
    () => call<Sweep>(`${stack.url}/v1/sweeps/${id}`),
    ({ finishedAt }) => finishedAt !== null,
    20,
  );
  await meanwhile(id);
  const { status, error } = await ended;
  const seconds = (performance.now() - start) / 1_000;
  if (status !== 'completed') throw new Error(`the sweep ended as ${status}: ${JSON.stringify(error)}`);
  const result = await call<SweepResult>(`${stack.url}/v1/sweeps/${id}/result`);
  return { seconds, result, events: await countEvents(stack, id) };
}

async function countEvents({ temporalAddress }: BenchStack, id: string): Promise<HistoryCounts> {
  const connection = await Connection.connect({ address: temporalAddress });
  try {
    const client = new Client({ connection });
    const counts: HistoryCounts = { perRun: [], shards: 0, again: 0 };
    for await (const { runId } of client.workflow.list({ query: `WorkflowId = "sweep/${id}"` })) {
      const events = (await client.workflow.getHandle(`sweep/${id}`, runId).fetchHistory()).events ?? [];
      const isShard = (event: (typeof events)[number]) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'runTrials';
      const isAgain = (event: (typeof events)[number]) => (event.activityTaskStartedEventAttributes?.attempt ?? 1) > 1;
      counts.perRun.push(events.length);
      counts.shards += events.filter(isShard).length;
      counts.again += events.filter(isAgain).length;
    }
    return counts;
  } finally {
    await connection.close();
  }
}
