'use client';
import { useSearchParams } from 'next/navigation';
import { Suspense } from 'react';
import type { Batch } from '#shared/batch.ts';
import type { RunSummary } from '#shared/run.ts';
import { EmptyState, ProblemView } from '@/components/problem.tsx';
import { Page } from '@/components/shell.tsx';
import { Skeleton } from '@/components/skeleton.tsx';
import { replaceQuery } from '@/lib/use-address.ts';
import { useApi } from '@/lib/use-api.ts';
import { usePages } from '@/lib/use-pages.ts';
import { Comparison } from './comparison.tsx';
import { Picker } from './picker.tsx';
import { MOST_RUNS } from './run-colours.tsx';

/** Runs side by side; their ids, or the batch that they are of, stand in the address. */
export function CompareView() {
  return (
    <Suspense>
      <OfAddress />
    </Suspense>
  );
}

function OfAddress() {
  const query = useSearchParams();
  const batch = query.get('batch');
  if (batch !== null) return <OfBatch id={batch} />;
  // Each `id` names one; `ids` names some, with commas.
  const ids = [...query.getAll('id'), ...(query.get('ids')?.split(',') ?? [])].filter(Boolean);
  return <Compared ids={[...new Set(ids)].slice(0, MOST_RUNS)} title="Compare" />;
}

function OfBatch({ id }: { id: string }) {
  const { data: batch } = useApi<Batch>(`/v1/batches/${id}`);
  const { items, error, refresh } = usePages<RunSummary>(`/v1/backtests?batch=${id}&sort=createdAt&limit=${MOST_RUNS}`);
  if (items === undefined)
    return (
      <Page title="Compare">
        {error ? <ProblemView error={error} retry={refresh} /> : <Skeleton className="h-96 w-full" label="The runs are loading" />}
      </Page>
    );
  return <Compared ids={items.map((run) => run.id)} title={batch?.name ?? 'Compare'} />;
}

function Compared({ ids, title }: { ids: readonly string[]; title: string }) {
  const show = (next: readonly string[]): void => replaceQuery(new URLSearchParams(next.map((id) => ['id', id])));
  const add = (id: string): void => show([...ids, id]);
  return (
    <Page title={title} actions={<Picker chosen={ids} onAdd={add} />}>
      {ids.length === 0 ? (
        <EmptyState title="Which runs?">
          Add up to {MOST_RUNS} runs, by the button above or from the list of runs: their curves on one chart, their figures side by side.
        </EmptyState>
      ) : (
        <Comparison key={ids.join()} ids={ids} onRemove={(id) => show(ids.filter((each) => each !== id))} />
      )}
    </Page>
  );
}
