import type { DataConverter } from '@temporalio/common';
import { Worker, type NativeConnection, type WorkerDeploymentOptions, type WorkerOptions } from '@temporalio/worker';
import { createActivities, type Activities } from '../activities/activities.ts';
import type { Ports } from '../activities/ports.ts';
import { taskQueues } from '../shared/names.ts';
import type { Watch } from './monitor/watch-work.ts';
import { SERVED, type Role } from './roles.ts';
import { workflowBundle } from './workflow-bundle.ts';

/** Caps how long a cancel, a pause or a shutdown waits to reach a slice: heartbeats bring the news. */
const HEARTBEAT_THROTTLE = '250ms';

/** Slices are asked to stop at once after SIGTERM: waiting for the end of one would only shorten the time to store it. */
const SHUTDOWN_GRACE = '0s';

/** Steps at a time beside simulations. A process that is there for nothing else takes more: they wait for rows and networks, not for its cores. */
const SIZES: Record<Role, { control: number; fetch: number }> = {
  all: { control: 4, fetch: 8 },
  control: { control: 16, fetch: 0 },
  fetch: { control: 0, fetch: 32 },
  simulate: { control: 0, fetch: 0 },
};

/** They wait for rows and other services, or take some milliseconds. */
const SHORT_STEPS = [
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
] as const satisfies readonly (keyof Activities)[];

export interface WorkersOptions extends Pick<Watch, 'interceptors' | 'sinks'> {
  role: Role;
  connection: NativeConnection;
  namespace: string;
  /** Where payloads are encrypted. */
  dataConverter?: DataConverter | undefined;
  taskQueue: string;
  /** Null where workers have no versions. */
  buildId: string | null;
  slots: number;
  /** A worker that was silent for this long is taken for lost. */
  heartbeatSeconds: number;
  /** After a shutdown was asked for, steps that have not ended are left behind after this long. */
  graceSeconds: number;
  identity: string;
  ports: Ports;
}

/** One worker for each task queue of the role, because their slots differ: light steps, network-bound fetches, slices and trials on every core. */
export async function createWorkers(options: WorkersOptions): Promise<Worker[]> {
  const { role, connection, namespace, dataConverter, taskQueue, buildId, slots, heartbeatSeconds, graceSeconds, identity, ports } =
    options;
  const sizes = SIZES[role];
  const queues = taskQueues(taskQueue);
  const activities = createActivities(ports);
  const shared = {
    connection,
    namespace,
    ...(dataConverter && { dataConverter }),
    identity,
    ...(buildId !== null && { workerDeploymentOptions: deploymentOf(taskQueue, buildId) }),
    interceptors: { activity: options.interceptors },
    maxHeartbeatThrottleInterval: HEARTBEAT_THROTTLE,
    shutdownGraceTime: SHUTDOWN_GRACE,
    shutdownForceTime: `${graceSeconds}s`,
  } as const;
  const control = async (): Promise<WorkerOptions> => ({
    ...shared,
    taskQueue: queues.control,
    workflowBundle: await workflowBundle({ heartbeatSeconds, isTraced: options.sinks !== null }),
    ...(options.sinks && { sinks: options.sinks }),
    activities: pick(activities, SHORT_STEPS),
    // A worker that dies holds on to its workflows for this long.
    stickyQueueScheduleToStartTimeout: '5s',
    maxConcurrentActivityTaskExecutions: sizes.control,
    maxCachedWorkflows: 500,
  });
  const fetch = (): WorkerOptions => ({
    ...shared,
    taskQueue: queues.fetch,
    activities: pick(activities, ['fetchBars', 'deliver']),
    maxConcurrentActivityTaskExecutions: sizes.fetch,
  });
  const simulate = (): WorkerOptions => ({
    ...shared,
    taskQueue: queues.simulate,
    activities: pick(activities, ['simulate', 'aggregate', 'runShard']),
    maxConcurrentActivityTaskExecutions: slots,
  });
  const trials = (): WorkerOptions => ({
    ...shared,
    taskQueue: queues.trials,
    activities: pick(activities, ['runTrials', 'validateSweep']),
    // One shard is read from the rows, or written, while the threads are busy with the others.
    maxConcurrentActivityTaskExecutions: slots + 1,
  });
  const plans = { control, fetch, simulate, trials };
  return Promise.all(SERVED[role].map(async (name) => Worker.create(await plans[name]())));
}

/** A service is one deployment. What lasts for years or has little state changes to a new version at its next step; workflows say where it is otherwise. */
function deploymentOf(deploymentName: string, buildId: string): WorkerDeploymentOptions {
  return { version: { deploymentName, buildId }, useWorkerVersioning: true, defaultVersioningBehavior: 'AUTO_UPGRADE' };
}

function pick<Name extends keyof Activities>(activities: Activities, names: readonly Name[]): Pick<Activities, Name> {
  return Object.fromEntries(names.map((name) => [name, activities[name]])) as Pick<Activities, Name>;
}
