'use client';
import { useMemo } from 'react';
import { METRICS } from '#shared/metric-list.ts';
import type { MetricInfo } from '#shared/metric-info.ts';
import type { Sweep, Trial } from '#shared/sweep.ts';
import { Change } from '@/components/figure.tsx';
import { EmptyState, ProblemView } from '@/components/problem.tsx';
import { SkeletonRows } from '@/components/skeleton.tsx';
import { Table, type Column, type Sorting } from '@/components/table.tsx';
import { formatCount, formatMetric } from '@/lib/format.ts';
import { useAddress } from '@/lib/use-address.ts';
import { usePages, type PageOf } from '@/lib/use-pages.ts';
import { FilterLine } from './filter-line.tsx';
import { Robustness } from './robustness.tsx';
import { figuresOf, formatFigure, formatParam, isMetric, LOOK_MS, objectiveTitle } from './trial-words.ts';

type TrialPage = PageOf<Trial> & { total: number };

/** All trials, the best first; sorted, filtered, and live while the sweep runs. */
export function SweepTrials({ sweep, ended }: { sweep: Sweep; ended: boolean }) {
  const { query, change } = useAddress();
  const filter = query.get('filter') ?? '';
  const sort = query.get('sort') ?? 'rank';
  const given = new URLSearchParams({ limit: '200', sort, ...(filter !== '' && { filter }) });
  const { items, first, error, more, refresh } = usePages<Trial, TrialPage>(`/v1/sweeps/${sweep.id}/trials?${given.toString()}`, {
    refreshInterval: ended ? 0 : LOOK_MS,
    revalidateFirstPage: !ended,
  });
  const columns = useMemo(() => columnsOf(sweep), [sweep]);
  const sorting: Sorting = { key: sort.replace(/^-/, ''), direction: sort.startsWith('-') ? 'desc' : 'asc' };
  return (
    <>
      <FilterLine
        key={filter}
        filter={filter}
        example={`trades > 30 && ${Object.keys(sweep.spec.space)[0]} > 10`}
        total={first?.total}
        onFilter={(next) => change({ filter: next })}
      />
      {error ? (
        <ProblemView error={error} retry={refresh} />
      ) : items === undefined ? (
        <SkeletonRows label="The trials are loading" rows={12} />
      ) : items.length === 0 ? (
        <EmptyState title={filter === '' ? 'No trial is done yet' : 'No trial passes the filter'}>
          {filter === '' ? 'They appear here as workers finish them.' : 'Take a part of the condition back.'}
        </EmptyState>
      ) : (
        <Table
          label="Trials"
          columns={columns}
          rows={items}
          rowKey={({ trial }) => String(trial)}
          sorting={sorting}
          onSort={({ key, direction }) => change({ sort: key === 'rank' ? '' : direction === 'desc' ? `-${key}` : key })}
          onEnd={more}
          height="max(320px, calc(100dvh - 300px))"
        />
      )}
    </>
  );
}

function columnsOf({ spec }: Sweep): Column<Trial>[] {
  const { metric } = spec.objective;
  const params: Column<Trial>[] = Object.keys(spec.space).map((name) => ({
    key: name,
    title: name,
    align: 'right',
    sortable: true,
    cell: ({ params: values }) => formatParam(values[name]!),
  }));
  const figures: Column<Trial>[] = figuresOf(spec)
    .filter((name) => name !== metric)
    .map((name, index) => ({
      key: name,
      title: METRICS[name].title,
      align: 'right',
      sortable: true,
      ...(index > 0 && { from: index > 2 ? 'lg' : 'md' }),
      cell: ({ metrics }) => {
        const info: MetricInfo = METRICS[name];
        return name === 'totalReturn' ? <Change value={metrics[name]} /> : formatMetric(metrics[name], info);
      },
    }));
  return [
    { key: 'rank', title: 'Rank', width: '56px', align: 'right', sortable: true, cell: ({ rank }) => formatCount(rank) },
    ...params,
    {
      key: isMetric(metric) ? metric : 'objective',
      title: objectiveTitle(spec.objective),
      align: 'right',
      sortable: true,
      cell: ({ objective }) => <strong>{formatFigure(objective, metric)}</strong>,
    },
    {
      key: 'robust',
      title: 'With neighbours',
      align: 'right',
      sortable: true,
      from: 'md',
      cell: (trial) => <Robustness trial={trial} objective={spec.objective} />,
    },
    ...figures,
    { key: 'trial', title: 'Trial', width: '72px', align: 'right', sortable: true, from: 'xl', cell: ({ trial }) => formatCount(trial) },
    { key: 'cached', title: 'Known', width: '64px', from: 'xl', cell: ({ cached }) => (cached ? 'yes' : '') },
  ];
}
