import type { LogLine } from '../shared/series.ts';

export interface RunLog {
  readonly add: (message: string) => void;
  /** The lines added since this was last called. */
  take(): LogLine[];
}

/** A run keeps this many lines; the last one says that what follows is dropped. */
const MAX_LINES = 10_000;

/** What a strategy says. `counter` is part of the checkpoint, so that a cut run drops the same lines. */
export function createRunLog(counter: { logged: number }, now: { readonly bar: number }): RunLog {
  let lines: LogLine[] = [];
  return {
    add(message) {
      counter.logged += 1;
      if (counter.logged > MAX_LINES) return;
      lines.push({ bar: now.bar, message: counter.logged === MAX_LINES ? 'The log is full: further lines are dropped.' : message });
    },
    take() {
      const taken = lines;
      lines = [];
      return taken;
    },
  };
}
