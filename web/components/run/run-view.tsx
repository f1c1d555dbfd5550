'use client';
import dynamic from 'next/dynamic';
import { useSearchParams } from 'next/navigation';
import { Suspense, useEffect } from 'react';
import { isTerminal } from '#shared/names.ts';
import type { Result, Run } from '#shared/run.ts';
import { EmptyState, ProblemView } from '@/components/problem.tsx';
import { Page } from '@/components/shell.tsx';
import { Skeleton } from '@/components/skeleton.tsx';
import { Status } from '@/components/status.tsx';
import { Tabs } from '@/components/tabs.tsx';
import { onEnd, useLive } from '@/lib/live.ts';
import { persistently } from '@/lib/persistently.ts';
import { useApi } from '@/lib/use-api.ts';
import { RunActions } from './run-actions.tsx';
import { RunHeadline } from './run-headline.tsx';
import { RunProgress } from './run-progress.tsx';

const CHART_HEIGHT = 560;
/** With what stands above and below it. */
const CHART_SPACE = CHART_HEIGHT + 76;
const RunChart = dynamic(
  persistently(() => import('./run-chart.tsx').then((module) => module.RunChart)),
  {
    ssr: false,
    loading: () => <div style={{ height: CHART_SPACE }} className="skeleton" />,
  },
);
const RunAnalysis = dynamic(
  persistently(() => import('./run-analysis.tsx').then((module) => module.RunAnalysis)),
  { ssr: false },
);
const RunTrades = dynamic(
  persistently(() => import('./run-trades.tsx').then((module) => module.RunTrades)),
  { ssr: false },
);
const RunOrders = dynamic(
  persistently(() => import('./run-orders.tsx').then((module) => module.RunOrders)),
  { ssr: false },
);
const RunMetrics = dynamic(
  persistently(() => import('./run-metrics.tsx').then((module) => module.RunMetrics)),
  { ssr: false },
);
const RunDetails = dynamic(
  persistently(() => import('./run-details.tsx').then((module) => module.RunDetails)),
  { ssr: false },
);

const TABS = { overview: 'Overview', trades: 'Trades', orders: 'Orders', metrics: 'Metrics', details: 'Details' } as const;

/** The page of one run; its id stands in the address. */
export function RunView() {
  return (
    <Suspense>
      <RunOfAddress />
    </Suspense>
  );
}

function RunOfAddress() {
  const id = useSearchParams().get('id');
  if (id === null)
    return (
      <Page title="Run">
        <EmptyState title="The address names no run">Choose one from the list of runs.</EmptyState>
      </Page>
    );
  return <OneRun key={id} id={id} />;
}

function OneRun({ id }: { id: string }) {
  const { data, error, mutate } = useApi<Run>(`/v1/backtests/${id}`);
  useEffect(() => onEnd((ended) => void (ended === id && mutate())), [id, mutate]);
  if (data === undefined)
    return <Page title="Run">{error ? <ProblemView error={error} retry={() => void mutate()} /> : <RunSkeleton />}</Page>;
  return <KnownRun run={data} refresh={() => void mutate()} />;
}

/** A run from its head to its details; read-only where it is someone else's, seen by a link. */
export function KnownRun({ run: fetched, refresh, readOnly = false }: { run: Run; refresh: () => void; readOnly?: boolean }) {
  const run = useLive(fetched);
  const ended = isTerminal(run.status);
  const { data: result } = useApi<Result>(ended ? `/v1/backtests/${run.id}/result` : null);
  useEffect(() => {
    document.title = `${run.name} · Holdfast`;
  }, [run.name]);
  return (
    <Page
      title={
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <span className="break-all">{run.name}</span>
          <span className="text-[13px] font-normal">
            <Status status={run.status} requested={run.requested} />
          </span>
        </span>
      }
      actions={readOnly ? undefined : <RunActions run={run} refresh={refresh} />}
    >
      <RunProgress run={run} />
      <RunHeadline metrics={fetched.metrics} ended={ended} partial={result?.partial ?? false} />
      <Tabs tabs={TABS} label="Parts of the run">
        {(tab) => (
          <>
            {tab === 'overview' && (
              <>
                <RunChart run={run} ended={ended} bars={result?.bars ?? run.progress.total} height={CHART_HEIGHT} />
                {ended && result && <RunAnalysis id={run.id} />}
              </>
            )}
            {tab === 'trades' && <RunTrades run={run} />}
            {tab === 'orders' && <RunOrders run={run} />}
            {tab === 'metrics' && <RunMetrics metrics={fetched.metrics} ended={ended} />}
            {tab === 'details' && <RunDetails run={run} result={result ?? null} readOnly={readOnly} />}
          </>
        )}
      </Tabs>
    </Page>
  );
}

function RunSkeleton() {
  return (
    <div className="space-y-3">
      <Skeleton className="h-14 w-full" label="The run is loading" />
      <Skeleton className="h-8 w-80" />
      <div style={{ height: CHART_SPACE }} className="skeleton" />
    </div>
  );
}
