'use client';
import { useSearchParams } from 'next/navigation';
import { Suspense, useEffect, useState } from 'react';
import type { Run } from '#shared/run.ts';
import { EmptyState, ProblemView } from '@/components/problem.tsx';
import { KnownRun } from '@/components/run/run-view.tsx';
import { Page } from '@/components/shell.tsx';
import { Skeleton } from '@/components/skeleton.tsx';
import { ThemeMenu } from '@/components/theme-menu.tsx';
import { RefusedError, shareSecret } from '@/lib/api.ts';
import { followEvents } from '@/lib/event-stream.ts';
import { noteEvent } from '@/lib/live.ts';
import { useApi } from '@/lib/use-api.ts';

/** A run as somebody else shows it: to be read, not to be changed. */
export function SharedView() {
  return (
    <>
      <header className="flex items-center justify-between gap-3 border-b border-line bg-raised px-4 py-2">
        <p>
          <strong>Holdfast</strong> <span className="text-muted">· a run that was shared with you, read-only</span>
        </p>
        <ThemeMenu />
      </header>
      <main>
        <Suspense>
          <OfAddress />
        </Suspense>
      </main>
    </>
  );
}

/** The secret stands behind the # of the address, which browsers send to no server. */
function OfAddress() {
  const id = useSearchParams().get('id');
  const [isKnown, setKnown] = useState<boolean | null>(null);
  useEffect(() => {
    const secret = location.hash.slice(1);
    shareSecret.set(secret === '' ? null : secret);
    // The address is there in a browser only, after the page was made.
    // oxlint-disable-next-line react/set-state-in-effect
    setKnown(secret !== '');
    return () => shareSecret.set(null);
  }, []);
  if (isKnown === null) return <Loading />;
  if (id === null || !isKnown)
    return (
      <Page title="Shared run">
        <EmptyState title="The link is not complete">Ask whoever sent it for all of it: it ends with # and some letters.</EmptyState>
      </Page>
    );
  return <SharedRun id={id} />;
}

function SharedRun({ id }: { id: string }) {
  const { data, error, mutate } = useApi<Run>(`/v1/backtests/${id}`);
  const isThere = data !== undefined;
  useEffect(() => {
    if (!isThere) return undefined;
    const stop = new AbortController();
    const deliver = (event: Parameters<typeof noteEvent>[0]): void => {
      noteEvent(event);
      if (event.name === 'done') void mutate();
    };
    void followEvents({ path: `/v1/backtests/${id}/events`, lastId: undefined, deliver, signal: stop.signal });
    return () => stop.abort();
  }, [id, isThere, mutate]);
  if (data !== undefined) return <KnownRun run={data} refresh={() => void mutate()} readOnly />;
  if (error === undefined) return <Loading />;
  const isOver = error instanceof RefusedError && [401, 403, 404].includes(error.problem.status);
  return (
    <Page title="Shared run">
      {isOver ? (
        <EmptyState title="This link leads nowhere any more">
          It has expired, was ended, or the run was deleted. Ask whoever sent it for another one.
        </EmptyState>
      ) : (
        <ProblemView error={error} retry={() => void mutate()} />
      )}
    </Page>
  );
}

function Loading() {
  return (
    <Page title="Shared run">
      <Skeleton className="h-96 w-full" label="The run is loading" />
    </Page>
  );
}
