import type { RunChange } from '../../results/runs.ts';
import type { DoneEvent, EquityEvent, EventName, ProgressEvent, StatusEvent } from '../../shared/events.ts';
import { isTerminal } from '../../shared/names.ts';
import { progressOf } from '../run-resource.ts';
import type { CurvePoint, CurvePoints } from './curve-points.ts';
import { toEventId, type Position } from './event-id.ts';

const POINTS_PER_EVENT = 200;

/** An event as it is sent, with the position that its id says. */
export interface Frame {
  position: Position;
  name: EventName;
  text: string;
}

/** What a change is told as: its state, then the points of the curve that came with it. The same change gives the same frames anywhere. */
export async function framesOf(owner: string, change: RunChange, curves: CurvePoints): Promise<Frame[]> {
  const { runId, durableBefore: fromBar, durable: toBar } = change;
  const state = stateFrame(change);
  if (toBar === fromBar) return [state];
  const { points, total } = await curves.between({ owner, runId, fromBar, toBar });
  return [
    state,
    ...equityEvents(change, points, total).map((event) => frame('equity', { change: change.change, bar: event.toBar }, event)),
  ];
}

function stateFrame(change: RunChange): Frame {
  const { runId, kind, status, requested, phase, error } = change;
  const position = { change: change.change, bar: change.durableBefore };
  const progress = progressOf(change, change.runKind === 'sweep' ? 'trials' : 'bars');
  if (kind === 'progress') return frame('progress', position, { runId, progress } satisfies ProgressEvent);
  const state: StatusEvent = { runId, status, requested, phase, error, progress, at: new Date(change.at).toISOString() };
  if (kind === 'status' || !isTerminal(status)) return frame('status', position, state);
  return frame('done', position, { ...state, status } satisfies DoneEvent);
}

function equityEvents({ runId, durableBefore, durable }: RunChange, points: readonly CurvePoint[], total: number): EquityEvent[] {
  const events: EquityEvent[] = [];
  for (let start = 0; start < points.length; start += POINTS_PER_EVENT) {
    const part = points.slice(start, start + POINTS_PER_EVENT);
    const isLast = start + POINTS_PER_EVENT >= points.length;
    const columns = {
      bar: part.map(({ bar }) => bar),
      time: part.map(({ ts }) => new Date(ts).toISOString()),
      equity: part.map(({ equity }) => equity),
      cash: part.map(({ cash }) => cash),
      exposure: part.map(({ exposure }) => exposure),
    };
    const toBar = isLast ? durable : part.at(-1)!.bar + 1;
    events.push({ runId, fromBar: events.at(-1)?.toBar ?? durableBefore, toBar, total, columns, rows: part.length });
  }
  return events;
}

function frame(name: EventName, position: Position, data: object): Frame {
  return { name, position, text: `id: ${toEventId(position)}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n` };
}
