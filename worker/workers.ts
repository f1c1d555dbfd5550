import type { DataConverter } from '@temporalio/common';
import { Worker, type NativeConnection, type WorkerOptions } from '@temporalio/worker';
import { createActivities, type Activities } from '../activities/activities.ts';
import type { Ports } from '../activities/ports.ts';
import { taskQueues } from '../shared/names.ts';
import { workflowBundle } from './workflow-bundle.ts';

/** Caps how long a cancel, a pause or a shutdown waits to reach a slice: heartbeats bring the news. */
const HEARTBEAT_THROTTLE = '250ms';

/** Slices are asked to stop at once after SIGTERM: waiting for the end of one would only shorten the time to store it. */
const SHUTDOWN_GRACE = '0s';

export interface WorkersOptions {
  connection: NativeConnection;
  namespace: string;
  /** Where payloads are encrypted. */
  dataConverter?: DataConverter | undefined;
  taskQueue: string;
  slots: number;
  /** A worker that was silent for this long is taken for lost. */
  heartbeatSeconds: number;
  /** After a shutdown was asked for, steps that have not ended are left behind after this long. */
  graceSeconds: number;
  identity: string;
  ports: Ports;
}

/** One worker a task queue, because their slots differ: light steps, network-bound fetches, slices and trials on every core. */
export async function createWorkers(options: WorkersOptions): Promise<Worker[]> {
  const { connection, namespace, dataConverter, taskQueue, slots, heartbeatSeconds, graceSeconds, identity, ports } = options;
  const queues = taskQueues(taskQueue);
  const activities = createActivities(ports);
  const shared = {
    connection,
    namespace,
    ...(dataConverter && { dataConverter }),
    identity,
    maxHeartbeatThrottleInterval: HEARTBEAT_THROTTLE,
    shutdownGraceTime: SHUTDOWN_GRACE,
    shutdownForceTime: `${graceSeconds}s`,
  } as const;
  const control: WorkerOptions = {
    ...shared,
    taskQueue: queues.control,
    workflowBundle: await workflowBundle({ heartbeatSeconds }),
    activities: pick(activities, [
      'openRun',
      'project',
      'projectBatch',
      'finishedAmong',
      'aggregate',
      'openSweep',
      'planTrials',
      'lookAtSweep',
      'closeSweep',
      'reconcile',
      'launchNight',
      'continueNight',
      'continueSweepNight',
      'endNight',
      'tidy',
    ]),
    // A worker that dies holds on to its workflows for this long.
    stickyQueueScheduleToStartTimeout: '5s',
    maxConcurrentActivityTaskExecutions: 4,
    maxCachedWorkflows: 500,
  };
  const fetch: WorkerOptions = {
    ...shared,
    taskQueue: queues.fetch,
    activities: pick(activities, ['fetchBars', 'deliver']),
    maxConcurrentActivityTaskExecutions: 8,
  };
  const simulate: WorkerOptions = {
    ...shared,
    taskQueue: queues.simulate,
    activities: pick(activities, ['simulate', 'aggregate', 'runShard']),
    maxConcurrentActivityTaskExecutions: slots,
  };
  const trials: WorkerOptions = {
    ...shared,
    taskQueue: queues.trials,
    activities: pick(activities, ['runTrials', 'validateSweep']),
    // One shard is read from the rows, or written, while the threads are busy with the others.
    maxConcurrentActivityTaskExecutions: slots + 1,
  };
  return Promise.all([control, fetch, simulate, trials].map((options) => Worker.create(options)));
}

function pick<Name extends keyof Activities>(activities: Activities, names: readonly Name[]): Pick<Activities, Name> {
  return Object.fromEntries(names.map((name) => [name, activities[name]])) as Pick<Activities, Name>;
}
