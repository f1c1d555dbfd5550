'use client';
import { useSearchParams } from 'next/navigation';
import { Suspense, useEffect } from 'react';
import { isTerminal } from '#shared/names.ts';
import type { Sweep, SweepResult } from '#shared/sweep.ts';
import { EmptyState, ProblemView } from '@/components/problem.tsx';
import { Progress } from '@/components/progress.tsx';
import { Page } from '@/components/shell.tsx';
import { Skeleton, SkeletonRows } from '@/components/skeleton.tsx';
import { Status } from '@/components/status.tsx';
import { Tabs } from '@/components/tabs.tsx';
import { RefusedError } from '@/lib/api.ts';
import { onEnd, useLive } from '@/lib/live.ts';
import { useApi } from '@/lib/use-api.ts';
import { BestTrial } from './best-trial.tsx';
import { SweepActions } from './sweep-actions.tsx';
import { SweepMap } from './sweep-map.tsx';
import { SweepParallel } from './sweep-parallel.tsx';
import { SweepSpecView } from './sweep-spec-view.tsx';
import { SweepTrials } from './sweep-trials.tsx';
import { SweepVerdict } from './sweep-verdict.tsx';

const TABS = { trials: 'Trials', map: 'Heatmap', lines: 'Parallel', luck: 'Is it luck?', spec: 'Spec' } as const;

/** The event stream tells sooner; this is for what ended before it was there. */
const CHECK_MS = 5_000;

/** The page of one sweep; its id stands in the address. */
export function SweepView() {
  return (
    <Suspense>
      <SweepOfAddress />
    </Suspense>
  );
}

function SweepOfAddress() {
  const id = useSearchParams().get('id');
  if (id === null)
    return (
      <Page title="Sweep">
        <EmptyState title="The address names no sweep">Choose one from the list of sweeps.</EmptyState>
      </Page>
    );
  return <OneSweep key={id} id={id} />;
}

function OneSweep({ id }: { id: string }) {
  const { data, error, mutate } = useApi<Sweep>(`/v1/sweeps/${id}`, {
    refreshInterval: (known) => (known && isTerminal(known.status) ? 0 : CHECK_MS),
  });
  useEffect(() => onEnd((ended) => void (ended === id && mutate())), [id, mutate]);
  if (data === undefined)
    return (
      <Page title="Sweep">
        {error ? (
          <ProblemView
            error={error}
            {...(!(error instanceof RefusedError && error.problem.status === 404) && { retry: () => void mutate() })}
          />
        ) : (
          <div className="space-y-3">
            <Skeleton className="h-11 w-full" label="The sweep is loading" />
            <Skeleton className="h-8 w-80" />
            <SkeletonRows label="The trials are loading" rows={12} />
          </div>
        )}
      </Page>
    );
  return <KnownSweep sweep={data} refresh={() => void mutate()} />;
}

function KnownSweep({ sweep: fetched, refresh }: { sweep: Sweep; refresh: () => void }) {
  const sweep = useLive(fetched);
  const ended = isTerminal(sweep.status);
  // Asked again after an extension, which has another result at the same address.
  const { data: result } = useApi<SweepResult>(ended ? `/v1/sweeps/${sweep.id}/result` : null, { revalidateOnMount: true });
  useEffect(() => {
    document.title = `${sweep.name} · Holdfast`;
  }, [sweep.name]);
  return (
    <Page
      title={
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <span className="break-all">{sweep.name}</span>
          <span className="text-[13px] font-normal">
            <Status status={sweep.status} requested={sweep.requested} />
          </span>
        </span>
      }
      actions={<SweepActions sweep={sweep} refresh={refresh} />}
    >
      <div className="mb-3 grid gap-x-8 gap-y-2 lg:grid-cols-2">
        <Progress as="full" status={sweep.status} progress={sweep.progress} />
        <BestTrial sweep={sweep} ended={ended} />
      </div>
      {sweep.error && (
        <p role="alert" className="mb-3 rounded-md border border-loss bg-loss-soft p-3">
          {sweep.error.message}
        </p>
      )}
      <Tabs tabs={TABS} label="Parts of the sweep">
        {(tab) => (
          <>
            {tab === 'trials' && <SweepTrials sweep={sweep} ended={ended} />}
            {tab === 'map' && <SweepMap sweep={sweep} ended={ended} />}
            {tab === 'lines' && <SweepParallel sweep={sweep} ended={ended} />}
            {tab === 'luck' && <SweepVerdict sweep={sweep} ended={ended} result={result} />}
            {tab === 'spec' && <SweepSpecView sweep={sweep} result={result} />}
          </>
        )}
      </Tabs>
    </Page>
  );
}
