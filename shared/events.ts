import * as z from 'zod';
import { RUN_PHASES, RUN_REQUESTS, RUN_STATUSES, TERMINAL_STATUSES } from './names.ts';
import { Progress, RunError } from './run.ts';

const ofRun = { runId: z.uuid() };

const Value = z.number().nullable().describe('Null where it is not finite');

/** Status, phase, request or error of a run changed. */
export const StatusEvent = z.object({
  ...ofRun,
  status: z.enum(RUN_STATUSES),
  requested: z.enum(RUN_REQUESTS).nullable(),
  phase: z.enum(RUN_PHASES).nullable(),
  error: RunError.nullable(),
  progress: Progress,
  at: z.iso.datetime(),
});
export type StatusEvent = z.infer<typeof StatusEvent>;

/** A run got ahead. Of several only the last may be sent. */
export const ProgressEvent = z.object({ ...ofRun, progress: Progress });
export type ProgressEvent = z.infer<typeof ProgressEvent>;

/** The next points of the curve, marked at the close of their bars. */
export const EquityEvent = z.object({
  ...ofRun,
  fromBar: z.int().describe('The points are those of the bars [fromBar, toBar) that are sent: every so many bars, and the last of all'),
  toBar: z.int(),
  total: z.int().describe('Bars of the whole run'),
  columns: z.object({
    bar: z.array(z.int()),
    time: z.array(z.iso.datetime()),
    equity: z.array(Value),
    cash: z.array(Value),
    exposure: z.array(Value),
  }),
  rows: z.int(),
});
export type EquityEvent = z.infer<typeof EquityEvent>;

/** A run has ended: the last event of it. */
export const DoneEvent = StatusEvent.extend({ status: z.enum(TERMINAL_STATUSES) });
export type DoneEvent = z.infer<typeof DoneEvent>;

/** The events of a stream by their names. */
export const EVENTS = { status: StatusEvent, progress: ProgressEvent, equity: EquityEvent, done: DoneEvent } as const;
export type EventName = keyof typeof EVENTS;
