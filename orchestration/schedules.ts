import { ScheduleAlreadyRunning, ScheduleNotFoundError, type Client, type ScheduleOptions } from '@temporalio/client';
import { SearchAttributeType, defineSearchAttributeKey } from '@temporalio/common';
import { msToTs } from '@temporalio/common/lib/time.js';
import { MEMO, WORKFLOWS, launchIdOf, scheduleIdOf, scheduleOf, schedulePathOf, taskQueues } from '../shared/names.ts';
import type { Overlap } from '../shared/schedule-timing.ts';
import type { LaunchInput } from '../shared/start.ts';
import { GRPC, grpcCodeOf } from './grpc-errors.ts';
import type { RunWorkflowsOptions } from './run-workflows.ts';
import { scheduleSpecOf } from './schedule-spec.ts';
import { settleSchedule, type ScheduleRows, type ScheduleToSettle, type ScheduleWanted } from './settle-schedule.ts';

/** What Temporal alone knows of it. Times are milliseconds since 1970 UTC. */
export interface ScheduleState {
  paused: boolean;
  note: string | null;
  nextRuns: number[];
  /** Nights that did not run: another one still ran, or they were missed for too long. */
  skippedByOverlap: number;
  missed: number;
}

/** What is asked of a schedule beside its timing. */
export type ScheduleControl =
  | { kind: 'trigger'; overlap?: Overlap | undefined }
  | { kind: 'backfill'; from: number; to: number; overlap: Overlap }
  | { kind: 'pause' | 'resume'; note: string };

/** Temporal's schedules, as far as those of owners need them. Each call fails with the client's own errors when Temporal does not answer. */
export interface TemporalSchedules {
  /** Makes Temporal's schedule as its row says; whether it is paused stays as it is. Safe to repeat and to do twice at once. */
  settle(rows: ScheduleRows, row: ScheduleToSettle): Promise<void>;
  /** Harmless when it has gone already. */
  remove(id: string): Promise<void>;
  /** Null when Temporal knows no such schedule. */
  describe(id: string): Promise<ScheduleState | null>;
  /** Done once for one request id, a UUID. False when Temporal knows no such schedule. */
  control(id: string, control: ScheduleControl, requestId: string): Promise<boolean>;
}

/** All of them, for whoever compares them with the rows. */
export interface ListedSchedules extends TemporalSchedules {
  /** Ids of the schedules that Temporal's list has, some moments late; also those of other services in the namespace. */
  ids(): AsyncIterable<string>;
  /** Whether Temporal has such a schedule that this service made, before a moment. */
  isOwn(id: string, madeBefore: number): Promise<boolean>;
}

/** `SCHEDULE_OVERLAP_POLICY_…` of Temporal's API, by name and by number. */
const OVERLAP = {
  skip: { name: 'SKIP', number: 1 },
  'buffer-one': { name: 'BUFFER_ONE', number: 2 },
  'buffer-all': { name: 'BUFFER_ALL', number: 3 },
  'cancel-other': { name: 'CANCEL_OTHER', number: 4 },
  'terminate-other': { name: 'TERMINATE_OTHER', number: 5 },
  'allow-all': { name: 'ALLOW_ALL', number: 6 },
} as const satisfies Record<Overlap, { name: string; number: number }>;

export function createTemporalSchedules(client: Client, options: RunWorkflowsOptions): ListedSchedules {
  const handleOf = (id: string) => client.schedule.getHandle(scheduleIdOf(id));
  const temporal = {
    async apply(wanted: ScheduleWanted): Promise<void> {
      const plan = planOf(wanted, options);
      try {
        await client.schedule.create({ scheduleId: scheduleIdOf(wanted.id), ...plan, state: { paused: wanted.beginsPaused } });
      } catch (error) {
        if (!(error instanceof ScheduleAlreadyRunning)) throw error;
        await handleOf(wanted.id).update(({ state }) => ({ ...plan, state }));
      }
    },
    remove: async (id: string): Promise<void> => void (await unlessUnknown(handleOf(id).delete())),
  };
  return {
    settle: (rows, row) => settleSchedule(rows, temporal, row),
    remove: temporal.remove,
    async describe(id) {
      const description = await unlessUnknown(handleOf(id).describe());
      if (description === null) return null;
      const { state, info } = description;
      return {
        paused: state.paused,
        note: state.note || null,
        nextRuns: state.paused ? [] : info.nextActionTimes.map((time) => time.getTime()),
        skippedByOverlap: info.numActionsSkippedOverlap,
        missed: info.numActionsMissedCatchupWindow,
      };
    },
    async *ids() {
      for await (const { scheduleId } of client.schedule.list()) {
        const id = scheduleOf(scheduleId);
        if (id !== null) yield id;
      }
    },
    async isOwn(id, madeBefore) {
      // Of one that is just being removed, Temporal keeps whoever asks waiting until the deadline of the call; the next pass asks again.
      const description = await unlessUnknown(handleOf(id).describe()).catch(nullIfLate);
      if (description === null) return false;
      const { action, info } = description;
      return action.taskQueue === taskQueues(options.taskQueue).control && info.createdAt.getTime() < madeBefore;
    },
    async control(id, control, requestId) {
      const { namespace, identity } = client.options;
      const request = { namespace, identity, requestId, scheduleId: scheduleIdOf(id), patch: patchOf(control) };
      // The handle's own methods take no request id, by which Temporal tells a repeated request.
      const call = client.workflowService.patchSchedule(request).then(() => true);
      return (await unlessUnknown(call)) ?? false;
    },
  };
}

function patchOf(control: ScheduleControl) {
  switch (control.kind) {
    case 'trigger':
      return { triggerImmediately: control.overlap === undefined ? {} : { overlapPolicy: OVERLAP[control.overlap].number } };
    case 'backfill':
      return {
        backfillRequest: [{ startTime: msToTs(control.from), endTime: msToTs(control.to), overlapPolicy: OVERLAP[control.overlap].number }],
      };
    case 'pause':
      return { pause: control.note };
    case 'resume':
      return { unpause: control.note };
  }
}

function planOf({ id, owner, name, timing }: ScheduleWanted, { taskQueue, apiUrl }: RunWorkflowsOptions) {
  const input: LaunchInput = { scheduleId: id, owner };
  return {
    spec: scheduleSpecOf(timing),
    action: {
      type: 'startWorkflow',
      workflowType: WORKFLOWS.launch,
      // Temporal adds the nominal time.
      workflowId: launchIdOf(id),
      taskQueue: taskQueues(taskQueue).control,
      args: [input],
      workflowTaskTimeout: '5s',
      memo: { [MEMO.api]: apiUrl },
      staticSummary: `${name}: one night`.slice(0, 180),
      staticDetails: `**Owner** ${owner}  \n[Schedule](${apiUrl}${schedulePathOf(id)})`,
      typedSearchAttributes: [{ key: defineSearchAttributeKey('RunOwner', SearchAttributeType.KEYWORD), value: owner }],
    },
    policies: {
      overlap: OVERLAP[timing.overlap].name,
      catchupWindow: timing.catchupWindow as `${number}s`,
      pauseOnFailure: timing.pauseOnFailure,
    },
  } satisfies Omit<ScheduleOptions, 'scheduleId'>;
}

async function unlessUnknown<Value>(call: Promise<Value>): Promise<Value | null> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof ScheduleNotFoundError || grpcCodeOf(error) === GRPC.notFound) return null;
    throw error;
  }
}

/** The client says one or the other of a call whose deadline has passed. */
const LATE: readonly number[] = [GRPC.deadlineExceeded, GRPC.cancelled];

function nullIfLate(error: unknown): null {
  if (LATE.includes(grpcCodeOf(error) ?? -1)) return null;
  throw error;
}
