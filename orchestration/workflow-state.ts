import type { WorkflowExecutionDescription } from '@temporalio/client';

/** The state of a run's latest workflow execution. Times are milliseconds since 1970 UTC. */
export type WorkflowState =
  | {
      closed: false;
      /** Of this Temporal run; that of a reset is the moment of the reset. */
      startedAt: number;
      /** Why it only looks running; null when it gets ahead, as far as the server can tell. */
      stall: string | null;
    }
  | { closed: true; outcome: string; closedAt: number };

/** What an operator has paused in Temporal: `temporal activity pause`, or the button in Temporal Web. */
export interface OperatorPause {
  activity: string;
  by: string;
  reason: string;
  /** Milliseconds since 1970 UTC. */
  since: number;
}

type Raw = WorkflowExecutionDescription['raw'];

/** A try may be lost with its worker; more of them in a row have a reason. */
const FAILING_ATTEMPTS = 3;

/** What the SDK calls the end of an attempt that an operator or a deploy asked for. */
const WANTED: ReadonlySet<string> = new Set(['ActivityPause', 'ActivityReset', 'WorkerShutdown']);

/** Whether the workflow's own code fails again and again: then nothing of it moves, and no end comes. */
export function isWorkflowTaskFailing({ pendingWorkflowTask }: Raw): boolean {
  return (pendingWorkflowTask?.attempt ?? 0) >= FAILING_ATTEMPTS;
}

/** An activity that is tried again and again, with the last reason. */
export function failingActivity({ pendingActivities }: Raw): string | null {
  const failing = pendingActivities?.find(
    ({ attempt, lastFailure }) =>
      (attempt ?? 0) >= FAILING_ATTEMPTS && lastFailure?.message && !WANTED.has(lastFailure.applicationFailureInfo?.type ?? ''),
  );
  if (!failing) return null;
  return `The step ${failing.activityType?.name} was tried ${failing.attempt} times, the last time it ended with: ${failing.lastFailure?.message}`;
}

export function operatorPauseOf({ pendingActivities }: Raw): OperatorPause | null {
  const paused = pendingActivities?.find((activity) => activity.paused);
  if (!paused) return null;
  const { manual, pauseTime } = paused.pauseInfo ?? {};
  return {
    activity: paused.activityType?.name ?? '',
    by: manual?.identity ?? '',
    reason: manual?.reason ?? '',
    since: Number(pauseTime?.seconds ?? 0) * 1000,
  };
}
