import { ActivityCancellationType, proxyActivities, type RetryPolicy } from '@temporalio/workflow';
import type { Activities } from '../activities/activities.ts';
import { localFirst } from './local-first.ts';

/**
 * How each activity is retried and timed, in one table. Errors that a retry cannot help are marked non-retryable where they are thrown
 * (`shared/errors.ts`); all else is retried for as long as it takes, since a dependency may be away for hours.
 */
const patient: RetryPolicy = { initialInterval: '200ms', backoffCoefficient: 2, maximumInterval: '10s' };

/** Put here when the worker bundles the workflows, by its HOLDFAST_HEARTBEAT_SECONDS; other bundles have none. */
declare const HEARTBEAT_SECONDS: number | undefined;

/** A lost worker is noticed after this long without a heartbeat. */
const heartbeatTimeout = `${typeof HEARTBEAT_SECONDS === 'undefined' ? 5 : HEARTBEAT_SECONDS}s` as const;

// The SDK's default is TRY_CANCEL, which would drop the checkpoint that a cancelled slice returns.
const cancellationType = ActivityCancellationType.WAIT_CANCELLATION_COMPLETED;

const TABLE = {
  /** Short reads and writes of rows: local, since an ordinary activity costs about 15 ms. */
  rows: { startToCloseTimeout: '10s', retry: patient },
  /** Aggregating a small run: local for the same reason. */
  small: { startToCloseTimeout: '60s', retry: patient },
  /** Opening a run, which may do the whole of it: a cancelled one stops at a bar and says how far it came. */
  open: { startToCloseTimeout: '60s', cancellationType, retry: patient },
  fetch: { startToCloseTimeout: '6h', heartbeatTimeout, cancellationType, retry: patient },
  /** A slice takes seconds by design; a worker that has not ended one after this long is stuck. */
  slice: { startToCloseTimeout: '5m', heartbeatTimeout, cancellationType, retry: patient },
  aggregate: { startToCloseTimeout: '1h', heartbeatTimeout, cancellationType, retry: patient },
  /** Accepting a night asks its source what there is; its end reads the trades of two nights. */
  night: { startToCloseTimeout: '2m', retry: patient },
  /** Reads the bars of two nights. */
  longer: { startToCloseTimeout: '30m', heartbeatTimeout, retry: patient },
  /** One try, which ends by itself after 15 s. */
  notify: { startToCloseTimeout: '30s', cancellationType, retry: patient },
  /** No pass begins while one is open: that of a lost worker must not hold up those after it. */
  reconcile: { startToCloseTimeout: '5m', heartbeatTimeout, retry: { maximumAttempts: 1 } },
  /** Looks at every file that is stored. */
  tidy: { startToCloseTimeout: '11h', heartbeatTimeout, retry: { maximumAttempts: 3 } },
} as const;

export const rows = localFirst<'project' | 'projectBatch' | 'finishedAmong' | 'lookAtSweep'>(TABLE.rows);
export const opening = localFirst<'openRun'>(TABLE.open);
export const sweeping = localFirst<'openSweep' | 'planTrials' | 'closeSweep'>(TABLE.small);
export const small = localFirst<'aggregate'>(TABLE.small);
export const nights = proxyActivities<Pick<Activities, 'launchNight' | 'endNight'>>(TABLE.night);
export const longer = proxyActivities<Pick<Activities, 'continueNight' | 'continueSweepNight'>>(TABLE.longer);
/** The next run of the schedule is its retry. */
export const reconciler = proxyActivities<Pick<Activities, 'reconcile'>>(TABLE.reconcile);
export const tidier = proxyActivities<Pick<Activities, 'tidy'>>(TABLE.tidy);

/** Activities that go to the queue whose slots fit them. */
export function activitiesOn(queues: { fetch: string; simulate: string; trials: string }) {
  return {
    fetching: proxyActivities<Pick<Activities, 'fetchBars'>>({ ...TABLE.fetch, taskQueue: queues.fetch }),
    notifying: proxyActivities<Pick<Activities, 'deliver'>>({ ...TABLE.notify, taskQueue: queues.fetch }),
    slicing: proxyActivities<Pick<Activities, 'simulate' | 'runShard'>>({ ...TABLE.slice, taskQueue: queues.simulate }),
    trying: proxyActivities<Pick<Activities, 'runTrials'>>({ ...TABLE.slice, taskQueue: queues.trials }),
    judging: proxyActivities<Pick<Activities, 'validateSweep'>>({ ...TABLE.aggregate, taskQueue: queues.trials }),
    aggregating: proxyActivities<Pick<Activities, 'aggregate'>>({ ...TABLE.aggregate, taskQueue: queues.simulate }),
  };
}
