'use client';
import { useRouter } from 'next/navigation';
import { Suspense, useEffect } from 'react';
import type { Sweep, SweepSummary } from '#shared/sweep.ts';
import { Link } from '@/components/link.tsx';
import { ListFilter } from '@/components/list-filter.tsx';
import { EmptyState, ProblemView } from '@/components/problem.tsx';
import { Progress } from '@/components/progress.tsx';
import { Page } from '@/components/shell.tsx';
import { SkeletonRows } from '@/components/skeleton.tsx';
import { Status } from '@/components/status.tsx';
import { Table, type Column } from '@/components/table.tsx';
import { callApi } from '@/lib/api.ts';
import { attempt } from '@/lib/attempt.ts';
import { formatCount, formatMinute } from '@/lib/format.ts';
import { onEnd, onNew, useLive } from '@/lib/live.ts';
import { pages } from '@/lib/pages.ts';
import { useAddress } from '@/lib/use-address.ts';
import { usePages } from '@/lib/use-pages.ts';
import { EXAMPLE_SWEEP } from './example.ts';

/** A sweep in the list, as it is by now. */
function LiveStatus({ sweep }: { sweep: SweepSummary }) {
  const { status, requested } = useLive(sweep);
  return <Status status={status} requested={requested} />;
}
function LiveProgress({ sweep }: { sweep: SweepSummary }) {
  const { status, progress } = useLive(sweep);
  return <Progress status={status} progress={progress} />;
}

const COLUMNS: readonly Column<SweepSummary>[] = [
  {
    key: 'name',
    title: 'Name',
    cell: ({ id, name }) => (
      <Link className="link" href={pages.sweep(id)}>
        {name}
      </Link>
    ),
  },
  { key: 'status', title: 'Status', width: '128px', cell: (sweep) => <LiveStatus sweep={sweep} /> },
  { key: 'progress', title: 'Progress', width: '160px', from: 'md', cell: (sweep) => <LiveProgress sweep={sweep} /> },
  { key: 'trials', title: 'Trials', width: '88px', align: 'right', from: 'md', cell: ({ progress }) => formatCount(progress.total) },
  { key: 'strategy', title: 'Strategy', width: '150px', from: 'xl', cell: ({ strategy }) => strategy },
  { key: 'symbols', title: 'Symbols', width: '140px', from: 'xl', cell: ({ symbols }) => symbols.join(', ') },
  { key: 'tags', title: 'Tags', width: '140px', from: '2xl', cell: ({ tags }) => tags.join(', ') },
  { key: 'created', title: 'Submitted', width: '130px', align: 'right', from: 'lg', cell: ({ createdAt }) => formatMinute(createdAt) },
];

/** All sweeps, live. */
export function SweepsView() {
  return (
    <Page
      title="Sweeps"
      actions={
        <Link className="button button-main" href={pages.newSweep}>
          New sweep
        </Link>
      }
    >
      <Suspense>
        <SweepList />
      </Suspense>
    </Page>
  );
}

function SweepList() {
  const { query, change } = useAddress();
  const [status, text] = [query.get('status') ?? '', query.get('q') ?? ''];
  const given = new URLSearchParams({ limit: '100', ...(status !== '' && { status }), ...(text !== '' && { q: text }) });
  const { items, error, more, isMore, refresh } = usePages<SweepSummary>(`/v1/sweeps?${given.toString()}`);
  useEffect(() => {
    const stops = [onEnd(refresh), onNew(refresh)];
    return () => stops.forEach((stop) => stop());
  });
  const isFiltered = status !== '' || text !== '';
  if (items?.length === 0 && !isFiltered) return <NoSweeps />;
  return (
    <>
      <ListFilter label="Part of the name" name="q" text={text} status={status} change={change} />
      {error && items === undefined ? (
        <ProblemView error={error} retry={refresh} />
      ) : items === undefined ? (
        <SkeletonRows label="The sweeps are loading" rows={12} />
      ) : items.length === 0 ? (
        <EmptyState title="No sweep fits">Take the filter back, or another word of the name.</EmptyState>
      ) : (
        <Table
          label="Sweeps"
          columns={COLUMNS}
          rows={items}
          rowKey={({ id }) => id}
          onEnd={more}
          height="calc(100dvh - 190px)"
          footer={isMore && <p className="px-2 py-1 text-muted">More are loading …</p>}
        />
      )}
    </>
  );
}

function NoSweeps() {
  const router = useRouter();
  const example = async (): Promise<void> => {
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const { id } = await callApi<Sweep>('/v1/sweeps', { method: 'POST', body: EXAMPLE_SWEEP, headers });
    router.push(pages.sweep(id));
  };
  return (
    <EmptyState
      title="No sweep yet"
      action={
        <button type="button" className="button button-main" onClick={() => attempt(example)}>
          Run the example
        </button>
      }
    >
      A sweep runs one strategy with many sets of parameters on the same bars, shows which is best, and says whether that is more than luck.
      The example tries some hundred pairs of moving averages on Apple, and takes a few seconds.
    </EmptyState>
  );
}
