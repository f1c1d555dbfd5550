import type { ErrorCode, Fault } from '../shared/errors.ts';

/** What a module's process, its parent and its threads say to each other. */

export type ToProcess = { type: 'job'; job: unknown } | { type: 'stop' };

export type FromProcess =
  /** Comes from time to time while there is a job. */
  | { type: 'beat'; done: number; pulse: number; rss: number }
  | { type: 'outcome'; outcome: Outcome }
  /** Its thread has ended without an outcome; the process ends next. */
  | { type: 'death'; code: Death; message: string };

export type Outcome = { value: unknown } | { error: { code: ErrorCode; message: string; faults: readonly Fault[] } };

/** Why a module's process ended before its job did. */
export type Death = Extract<ErrorCode, 'module_crashed' | 'module_out_of_memory' | 'module_stalled'>;

export interface ToThread {
  job: unknown;
  /** What the thread before wanted to hand on. */
  kept: unknown;
}

export interface FromThread {
  outcome: Outcome;
  kept: unknown;
}

export interface ThreadData<Own> {
  control: Int32Array<SharedArrayBuffer>;
  /** What whoever started the process wants its threads to know. */
  own: Own;
}

export const BEAT_MS = 100;
