'use client';
import { useSearchParams } from 'next/navigation';
import { Suspense, useEffect } from 'react';
import type { Night, Schedule } from '#shared/schedule.ts';
import { EmptyState, ProblemView } from '@/components/problem.tsx';
import { Page } from '@/components/shell.tsx';
import { Skeleton, SkeletonRows } from '@/components/skeleton.tsx';
import { formatDuration, formatMoment } from '@/lib/format.ts';
import { onEnd, onNew } from '@/lib/live.ts';
import { useApi } from '@/lib/use-api.ts';
import { usePages } from '@/lib/use-pages.ts';
import { NightCalendar } from './night-calendar.tsx';
import { Nights } from './nights.tsx';
import { ScheduleActions } from './schedule-actions.tsx';
import { ScheduleState } from './schedule-state.tsx';
import { OVERLAP_WORDS, timingText } from './timing-words.ts';
import { WhatChanged } from './what-changed.tsx';

const LOOK_MS = 10_000;

/** The page of one schedule; its id stands in the address. */
export function ScheduleView() {
  return (
    <Suspense>
      <ScheduleOfAddress />
    </Suspense>
  );
}

function ScheduleOfAddress() {
  const id = useSearchParams().get('id');
  if (id === null)
    return (
      <Page title="Schedule">
        <EmptyState title="The address names no schedule">Choose one from the list of schedules.</EmptyState>
      </Page>
    );
  return <OneSchedule key={id} id={id} />;
}

function OneSchedule({ id }: { id: string }) {
  const { data, error, mutate } = useApi<Schedule>(`/v1/schedules/${id}`, { refreshInterval: LOOK_MS });
  const nights = usePages<Night>(`/v1/schedules/${id}/runs?limit=100`, { refreshInterval: LOOK_MS });
  const { refresh: refreshNights } = nights;
  const refresh = (): void => {
    void mutate();
    refreshNights();
  };
  useEffect(() => {
    const stops = [onEnd(refresh), onNew(refresh)];
    return () => stops.forEach((stop) => stop());
  });
  useEffect(() => {
    if (data) document.title = `${data.name} · Holdfast`;
  }, [data]);
  if (data === undefined)
    return (
      <Page title="Schedule">
        {error ? <ProblemView error={error} retry={refresh} /> : <Skeleton className="h-96 w-full" label="The schedule is loading" />}
      </Page>
    );
  const latest = nights.items?.find(({ comparison }) => comparison !== null);
  return (
    <Page
      title={
        <span className="flex flex-wrap items-center gap-x-3">
          <span className="break-all">{data.name}</span>
          <span className="text-[13px] font-normal">
            <ScheduleState paused={data.paused} />
          </span>
        </span>
      }
      actions={<ScheduleActions schedule={data} refresh={refresh} />}
    >
      <div className="grid gap-6 lg:grid-cols-[320px_minmax(0,1fr)]">
        <div className="space-y-5">
          <Facts schedule={data} />
          <NightCalendar nights={nights.items ?? []} next={data.nextRuns} />
        </div>
        <div className="min-w-0 space-y-6">
          {latest && <WhatChanged night={latest} />}
          {nights.error && nights.items === undefined ? (
            <ProblemView error={nights.error} retry={refreshNights} />
          ) : nights.items === undefined ? (
            <SkeletonRows label="The nights are loading" />
          ) : (
            <Nights nights={nights.items} more={nights.more} paused={data.paused === true} />
          )}
        </div>
      </div>
    </Page>
  );
}

function Facts({ schedule }: { schedule: Schedule }) {
  const { nextRuns, paused, note, skipped, overlap, catchupWindow, jitter, pauseOnFailure } = schedule;
  return (
    <dl className="space-y-1.5">
      <Fact name="When">{timingText(schedule)}</Fact>
      <Fact name="Next night">
        {nextRuns[0] !== undefined ? (
          <>
            {formatMoment(nextRuns[0])} <span className="text-muted">by your clock, {inText(nextRuns[0])}</span>
          </>
        ) : paused ? (
          'None while it is paused'
        ) : paused === null ? (
          'Unknown while Temporal does not answer'
        ) : (
          'None any more'
        )}
      </Fact>
      {note !== null && <Fact name={paused ? 'Why it is paused' : 'Note'}>{note}</Fact>}
      <Fact name="While a night still runs">{OVERLAP_WORDS[overlap]}</Fact>
      <Fact name="Missed nights">run up to {catchupWindow} later</Fact>
      {jitter !== undefined && <Fact name="Begins">up to {jitter} later, at random</Fact>}
      {pauseOnFailure && <Fact name="After a failure">it pauses</Fact>}
      {skipped && skipped.overlap + skipped.missed > 0 && (
        <Fact name="Skipped so far">
          {skipped.overlap} because another still ran, {skipped.missed} missed for too long
        </Fact>
      )}
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt className="text-xs text-muted">{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function inText(time: string): string {
  const seconds = (Date.parse(time) - Date.now()) / 1_000;
  return seconds > 0 ? `in ${formatDuration(seconds)}` : 'now';
}
