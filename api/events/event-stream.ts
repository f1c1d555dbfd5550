import type { RunChange, RunRow } from '../../results/runs.ts';
import type { Watch } from './change-feed.ts';
import { isAfter, toEventId, type Position } from './event-id.ts';
import type { Frame } from './run-frames.ts';

const RETRY_MS = 1_000;
const KEEP_ALIVE = ': still here\n\n';
/** Beyond the bars of any run. */
const ALL_BARS = 999_999_999_999;

export const START: Position = { change: 0, bar: 0 };

/** Where a change and all before it have been told. */
export function endOf(change: number): Position {
  return { change, bar: ALL_BARS };
}

interface Stream {
  watch: Watch;
  /** What the client knows already. */
  after: Position;
  /** Frames of runs as they are now, with which the stream begins. */
  snapshot: readonly Frame[];
  framesOf: (change: RunChange) => Promise<readonly Frame[]>;
  /** True for one run: its end is the end of the stream. */
  endsWithRun: boolean;
}

/** What one client is sent, as it takes it. Ids rise strictly; a stream that goes on after any of them tells the rest, without gap or repeat. */
export async function* eventStream({ watch, after, snapshot, framesOf, endsWithRun }: Stream): AsyncGenerator<string> {
  // An id of its own, so that a client without any event yet still knows where to go on.
  yield `retry: ${RETRY_MS}\n\n`;
  for (const frame of snapshot) yield frame.text;
  yield `id: ${toEventId(after)}\n\n`;
  let told = after;
  // The change that the client knows in part, or as a whole, is looked at again.
  let read = after.change - 1;
  while (!watch.closed) {
    const changes = await watch.next(read);
    if (changes.length === 0 && !watch.closed) yield KEEP_ALIVE;
    for (const change of changes) {
      for (const { position, text } of await framesOf(change)) {
        if (!isAfter(position, told)) continue;
        yield text;
        told = position;
      }
      read = change.change;
    }
    if (endsWithRun && changes.at(-1)?.kind === 'done') return;
  }
}

/** A run as it is now, told like a change. */
export function asChange(run: RunRow): RunChange {
  return { ...run, runId: run.id, runKind: run.kind, kind: 'status', kept: true, durableBefore: run.durable, at: Date.now() };
}
