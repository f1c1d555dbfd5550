import { taskQueues } from '../shared/names.ts';
import type { Queue } from './monitor/backlog.ts';

/** What a worker process may be there for. */
export const ROLES = ['control', 'fetch', 'simulate', 'all'] as const;
export type Role = (typeof ROLES)[number];

type QueueName = keyof ReturnType<typeof taskQueues>;

/** Queues by role. Slices and trials go together: they share the cores. */
export const SERVED: Record<Role, readonly QueueName[]> = {
  all: ['control', 'fetch', 'simulate', 'trials'],
  control: ['control'],
  fetch: ['fetch'],
  simulate: ['simulate', 'trials'],
};

/** What waits for a worker of this role. */
export function queuesOf(role: Role, prefix: string): Queue[] {
  const queues = SERVED[role].map((name) => ({ queue: taskQueues(prefix)[name], kind: 'activity' as const }));
  return SERVED[role].includes('control') ? [{ queue: taskQueues(prefix).control, kind: 'workflow' }, ...queues] : queues;
}
