import type { Client } from '@temporalio/client';
import proto from '@temporalio/proto';
import { Gauge, type Registry } from 'prom-client';

const { TASK_QUEUE_TYPE_ACTIVITY, TASK_QUEUE_TYPE_WORKFLOW } = proto.temporal.api.enums.v1.TaskQueueType;
/** Of an answer: probes and scrapes of many workers ask for the same. */
const AGE_MS = 5_000;
const ASK_MS = 2_000;

export interface Backlog {
  queue: string;
  kind: 'workflow' | 'activity';
  /** Tasks that no worker has taken; the server calls it approximate. */
  count: number;
  /** How long the first of them has waited. */
  ageSeconds: number;
}

export type Queue = Pick<Backlog, 'queue' | 'kind'>;

/** Asks the server what waits in the queues, at most every five seconds; also as metrics: what a fleet of workers should grow by. */
export function watchBacklog(registry: Registry, client: Client, namespace: string, queues: readonly Queue[]): () => Promise<Backlog[]> {
  async function ask({ queue, kind }: Queue): Promise<Backlog> {
    const taskQueueType = kind === 'workflow' ? TASK_QUEUE_TYPE_WORKFLOW : TASK_QUEUE_TYPE_ACTIVITY;
    const request = { namespace, taskQueue: { name: queue }, taskQueueType, reportStats: true };
    const { stats } = await client.withDeadline(Date.now() + ASK_MS, () => client.workflowService.describeTaskQueue(request));
    return {
      queue,
      kind,
      count: Number(stats?.approximateBacklogCount ?? 0),
      ageSeconds: Number(stats?.approximateBacklogAge?.seconds ?? 0),
    };
  }

  let asked = { at: -Infinity, answer: Promise.resolve<Backlog[]>([]) };
  function look(): Promise<Backlog[]> {
    if (performance.now() - asked.at > AGE_MS) asked = { at: performance.now(), answer: Promise.all(queues.map(ask)) };
    return asked.answer;
  }

  const labelNames = ['queue', 'kind'] as const;
  const registers = [registry];
  new Gauge({
    name: 'holdfast_queue_backlog',
    help: 'Tasks that wait in a queue, as the server counts them',
    labelNames,
    registers,
    async collect() {
      this.reset(); // nothing is said of queues while the server does not answer
      for (const { queue, kind, count } of await look().catch(() => [])) this.set({ queue, kind }, count);
    },
  });
  new Gauge({
    name: 'holdfast_queue_backlog_age_seconds',
    help: 'How long the first task of a queue has waited',
    labelNames,
    registers,
    async collect() {
      this.reset();
      for (const { queue, kind, ageSeconds } of await look().catch(() => [])) this.set({ queue, kind }, ageSeconds);
    },
  });
  return look;
}
