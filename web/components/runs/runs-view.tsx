'use client';
import { useSearchParams } from 'next/navigation';
import { Suspense, useCallback, useMemo, useState } from 'react';
import { RUN_STATUSES, type RunStatus } from '#shared/names.ts';
import { Icon } from '@/components/icon.tsx';
import { Link } from '@/components/link.tsx';
import { EmptyState, ProblemView } from '@/components/problem.tsx';
import { Page } from '@/components/shell.tsx';
import { SkeletonRows } from '@/components/skeleton.tsx';
import { Table } from '@/components/table.tsx';
import { formatCount } from '@/lib/format.ts';
import { pages } from '@/lib/pages.ts';
import { useRunList, type ListedRun, type RunFilters } from '@/lib/run-list.ts';
import { replaceQuery } from '@/lib/use-address.ts';
import { BulkActions } from './bulk-actions.tsx';
import { RunExample } from './run-example.tsx';
import { RunFilterBar } from './run-filter-bar.tsx';
import { runColumns } from './run-columns.tsx';

/** All runs, live. What is chosen of them stands in the address. */
export function RunsView() {
  return (
    <Suspense fallback={<Page title="Runs">{null}</Page>}>
      <Runs />
    </Suspense>
  );
}

function Runs() {
  const [filters, setFilters] = useFilters();
  const { runs, cursor, loading, error, more, change, refresh } = useRunList(filters);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const toggle = useCallback(
    (id: string) =>
      setSelected((now) => {
        const next = new Set(now);
        if (!next.delete(id)) next.add(id);
        return next;
      }),
    [],
  );
  const columns = useMemo(() => runColumns(selected, toggle), [selected, toggle]);
  const chosen = useMemo(() => runs.filter(({ id }) => selected.has(id)), [runs, selected]);
  const isFiltered = filters.status.length > 0 || [filters.strategy, filters.symbol, filters.tag, filters.q].some((text) => text !== '');
  const isEmpty = runs.length === 0 && cursor === null;
  const sorting = { key: 'createdAt', direction: filters.sort === 'createdAt' ? 'asc' : 'desc' } as const;
  const onSort = useCallback(
    () => setFilters({ ...filters, sort: filters.sort === 'createdAt' ? '-createdAt' : 'createdAt' }),
    [filters, setFilters],
  );
  const onEnd = useCallback(() => void more(), [more]);

  return (
    <Page
      title="Runs"
      actions={
        <Link href={pages.newRun} className="button button-main">
          <Icon name="plus" size={14} /> New run
        </Link>
      }
    >
      {!(isEmpty && !isFiltered) && <RunFilterBar filters={filters} onChange={setFilters} />}
      <BulkActions chosen={chosen} change={change} clear={() => setSelected(new Set())} />
      {error !== null && <ProblemView error={error} retry={() => void more()} />}
      {isEmpty && <Nothing isFiltered={isFiltered} onStarted={() => void refresh()} />}
      {runs.length === 0 && cursor === undefined && error === null && <SkeletonRows rows={16} label="The runs are loading" />}
      {runs.length > 0 && (
        <Table<ListedRun>
          label="Runs"
          columns={columns}
          rows={runs}
          rowKey={({ id }) => id}
          sorting={sorting}
          onSort={onSort}
          onEnd={onEnd}
          height="calc(100dvh - 150px)"
          selected={({ id }) => selected.has(id)}
          footer={
            <p role="status" className="p-2 text-xs text-muted">
              {loading
                ? 'More is loading …'
                : `${formatCount(runs.length)} ${runs.length === 1 ? 'run' : 'runs'}${cursor === null ? '' : ', more below'}`}
            </p>
          }
        />
      )}
    </Page>
  );
}

function Nothing({ isFiltered, onStarted }: { isFiltered: boolean; onStarted: () => void }) {
  if (isFiltered) return <EmptyState title="No run fits">Change the filters, or clear them.</EmptyState>;
  return (
    <EmptyState title="No runs yet" action={<RunExample onStarted={onStarted} />}>
      A run trades a strategy on bars of the past and shows what it would have brought. The example crosses two moving averages on Apple; it
      takes a second.
    </EmptyState>
  );
}

/** Filters as they stand in the address, and what changes them there. */
function useFilters(): [RunFilters, (next: RunFilters) => void] {
  const query = useSearchParams();
  const filters = useMemo((): RunFilters => {
    const text = (name: string): string => query.get(name) ?? '';
    const statuses = text('status').split(',');
    return {
      status: RUN_STATUSES.filter((status: RunStatus) => statuses.includes(status)),
      strategy: text('strategy'),
      symbol: text('symbol'),
      tag: text('tag'),
      q: text('q'),
      sort: text('sort') === 'createdAt' ? 'createdAt' : '-createdAt',
    };
  }, [query]);
  const change = useCallback(({ status, sort, ...texts }: RunFilters) => {
    const next = new URLSearchParams();
    if (status.length > 0) next.set('status', status.join(','));
    if (sort === 'createdAt') next.set('sort', sort);
    for (const [name, value] of Object.entries(texts)) if (value !== '') next.set(name, value);
    replaceQuery(next);
  }, []);
  return [filters, change];
}
