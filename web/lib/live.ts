import { useCallback, useSyncExternalStore } from 'react';
import { isTerminal } from '#shared/names.ts';
import type { EquityEvent } from '#shared/events.ts';
import type { RunSummary } from '#shared/run.ts';
import type { LiveEvent } from './event-stream.ts';

/** What changes while a run or a sweep goes on. */
export type LiveState = Pick<RunSummary, 'status' | 'requested' | 'phase' | 'error' | 'progress'>;
type Told = LiveState & { toldAt: number };

const known = new Map<string, Told>();
const watchers = new Map<string, Set<() => void>>();
const endListeners = new Set<(id: string, state: LiveState) => void>();
const newListeners = new Set<(id: string) => void>();
const equityListeners = new Map<string, Set<(event: EquityEvent) => void>>();

/** Takes in what was fetched: `askedAt` (of performance.now) is when, as events may have told more since. */
export function noteFetched(items: readonly ({ id: string } & LiveState)[], askedAt: number): void {
  for (const { id, status, requested, phase, error, progress } of items) {
    const before = known.get(id);
    if (before === undefined ? isTerminal(status) : before.toldAt > askedAt) continue;
    tell(id, { status, requested, phase, error, progress, toldAt: askedAt });
  }
}

export function noteEvent({ name, data }: LiveEvent): void {
  const id = data.runId;
  if (name === 'equity') return equityListeners.get(id)?.forEach((listener) => listener(data));
  const before = known.get(id);
  if (name === 'progress') {
    if (before !== undefined) tell(id, { ...before, progress: data.progress, toldAt: performance.now() });
    return undefined;
  }
  const { status, requested, phase, error, progress } = data;
  const state = { status, requested, phase, error, progress };
  tell(id, { ...state, toldAt: performance.now() });
  if (before === undefined && name === 'status') for (const listener of newListeners) listener(id);
  if (name === 'done') for (const listener of endListeners) listener(id, state);
  return undefined;
}

function tell(id: string, next: Told): void {
  const before = known.get(id);
  // A bar that goes back would say that work was lost.
  const isBehind = before !== undefined && before.progress.fraction > next.progress.fraction && !isTerminal(before.status);
  known.set(
    id,
    isBehind ? { ...next, progress: { ...next.progress, fraction: before.progress.fraction, done: before.progress.done } } : next,
  );
  watchers.get(id)?.forEach((watcher) => watcher());
}

/** A run or sweep as it is by now. */
export function useLive<Item extends { id: string } & LiveState>(item: Item): Item {
  const { id } = item;
  const subscribe = useCallback((watcher: () => void) => listenFor(watchers, id, watcher), [id]);
  const now = useSyncExternalStore(
    subscribe,
    () => known.get(id),
    () => undefined,
  );
  return now === undefined ? item : { ...item, ...now };
}

/** Hears of each run or sweep that ends. Gives what stops it. */
export function onEnd(listener: (id: string, state: LiveState) => void): () => void {
  endListeners.add(listener);
  return () => endListeners.delete(listener);
}

/** Hears of runs and sweeps that were not known here. */
export function onNew(listener: (id: string) => void): () => void {
  newListeners.add(listener);
  return () => newListeners.delete(listener);
}

/** Hears of the next points of a run's curve. */
export function onEquity(id: string, listener: (event: EquityEvent) => void): () => void {
  return listenFor(equityListeners, id, listener);
}

function listenFor<Listener>(map: Map<string, Set<Listener>>, id: string, listener: Listener): () => void {
  const listeners = map.get(id) ?? new Set();
  map.set(id, listeners.add(listener));
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0 && map.get(id) === listeners) map.delete(id);
  };
}
