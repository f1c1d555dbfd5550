import { useEffect, useMemo, useState } from 'react';
import { isTerminal, type RunStatus } from '#shared/names.ts';
import type { RunSummary } from '#shared/run.ts';
import { callApi } from './api.ts';
import { noteFetched, onEnd, onNew } from './live.ts';
import { createStore, useStore } from './store.ts';
import { getApi } from './use-api.ts';

/** What a list shows of a run: a hundred thousand of them fit into a page. */
export type ListedRun = Pick<
  RunSummary,
  | 'id'
  | 'name'
  | 'tags'
  | 'strategy'
  | 'symbols'
  | 'timeframe'
  | 'status'
  | 'requested'
  | 'phase'
  | 'error'
  | 'progress'
  | 'createdAt'
  | 'finishedAt'
  | 'batch'
> & { figures: Pick<NonNullable<RunSummary['metrics']>, 'totalReturn' | 'sharpe' | 'maxDrawdown' | 'trades'> | null };

export interface RunFilters {
  status: readonly RunStatus[];
  strategy: string;
  symbol: string;
  tag: string;
  q: string;
  sort: '-createdAt' | 'createdAt';
}

interface ListState {
  runs: readonly ListedRun[];
  /** Null where all are there. */
  cursor: string | null | undefined;
  loading: boolean;
  error: unknown;
}
interface RunPage {
  items: RunSummary[];
  nextCursor: string | null;
}

/** A longer one would hold up whoever scrolls while it is read. */
const PAGE = 100;
/** Runs that begin or end at once are asked for together. */
const GATHERED_MS = 300;

/** The query of a list in the API. */
function queryOf({ status, strategy, symbol, tag, q, sort }: RunFilters): string {
  const query = new URLSearchParams({ limit: String(PAGE), sort });
  if (status.length > 0) query.set('status', status.join(','));
  for (const [name, value] of Object.entries({ strategy, symbol, tag, q })) if (value.trim() !== '') query.set(name, value.trim());
  return query.toString();
}

function createRunList(query: string) {
  const state = createStore<ListState>({ runs: [], cursor: undefined, loading: false, error: null });
  const seen = new Set<string>();

  async function more(): Promise<void> {
    const { cursor, loading } = state.get();
    if (loading || cursor === null) return;
    state.set((now) => ({ ...now, loading: true, error: null }));
    try {
      const page = await getApi<RunPage>(`/v1/backtests?${query}${cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`}`);
      const added = page.items.filter(({ id }) => !seen.has(id)).map(listed);
      for (const { id } of added) seen.add(id);
      state.set((now) => ({ runs: [...now.runs, ...added], cursor: page.nextCursor, loading: false, error: null }));
    } catch (error) {
      state.set((now) => ({ ...now, loading: false, error }));
    }
  }

  /** Puts what is new on top, in the order of the newest first; elsewhere it comes at the end of the list by itself. */
  async function refreshTop(): Promise<void> {
    if (!query.includes('sort=-createdAt')) return;
    const { items } = await getApi<RunPage>(`/v1/backtests?${query}`);
    const fresh = new Map(items.map((run) => [run.id, listed(run)]));
    state.set((now) => {
      const added = items.filter(({ id }) => !seen.has(id)).map(listed);
      for (const { id } of added) seen.add(id);
      return { ...now, runs: [...added, ...now.runs.map((run) => fresh.get(run.id) ?? run)] };
    });
  }

  /** Reads runs again that have ended since: their figures are there now. */
  async function reread(ids: readonly string[]): Promise<void> {
    const known = ids.filter((id) => seen.has(id));
    const askedAt = performance.now();
    const found = await Promise.all(known.map((id) => callApi<RunSummary>(`/v1/backtests/${id}`).catch(() => null)));
    const fresh = new Map(found.flatMap((run) => (run === null ? [] : [[run.id, listed(run)] as const])));
    noteFetched([...fresh.values()], askedAt);
    state.set((now) => ({ ...now, runs: now.runs.map((run) => fresh.get(run.id) ?? run) }));
  }

  const change = (ids: ReadonlySet<string>, to: (run: ListedRun) => ListedRun | null): void =>
    state.set((now) => ({ ...now, runs: now.runs.flatMap((run) => (ids.has(run.id) ? (to(run) ?? []) : [run])) }));
  return { state, more, refreshTop, reread, change };
}

/** The runs that fit the filters, the newest pages first; it grows with `more`, and follows what happens. */
export function useRunList(filters: RunFilters) {
  const query = queryOf(filters);
  const list = useMemo(() => createRunList(query), [query]);
  const [, settle] = useState(0);
  useEffect(() => {
    void list.more();
    const ended = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isNew = false;
    const soon = (): void => {
      timer ??= setTimeout(() => {
        timer = undefined;
        const ids = [...ended];
        ended.clear();
        const work = isNew ? list.refreshTop() : Promise.resolve();
        isNew = false;
        // What fails here is fetched when the list is opened again.
        void work.then(() => list.reread(ids)).catch(() => settle((count) => count + 1));
      }, GATHERED_MS);
    };
    const stops = [
      onEnd((id) => {
        ended.add(id);
        soon();
      }),
      onNew(() => {
        isNew = true;
        soon();
      }),
    ];
    return () => {
      clearTimeout(timer);
      for (const stop of stops) stop();
    };
  }, [list]);
  return { ...useStore(list.state), more: list.more, change: list.change, refresh: list.refreshTop };
}

function listed(run: RunSummary): ListedRun {
  const { id, name, tags, strategy, symbols, timeframe, status, requested, phase, error, progress, createdAt, finishedAt, batch, metrics } =
    run;
  const figures = metrics && {
    totalReturn: metrics.totalReturn,
    sharpe: metrics.sharpe,
    maxDrawdown: metrics.maxDrawdown,
    trades: metrics.trades,
  };
  return { id, name, tags, strategy, symbols, timeframe, status, requested, phase, error, progress, createdAt, finishedAt, batch, figures };
}

export const isOver = ({ status }: Pick<ListedRun, 'status'>): boolean => isTerminal(status);
