'use client';
import { useRouter, useSearchParams } from 'next/navigation';
import { Suspense, useState } from 'react';
import type { Run } from '#shared/run.ts';
import type { Schedule } from '#shared/schedule.ts';
import { ProblemView } from '@/components/problem.tsx';
import { Page } from '@/components/shell.tsx';
import { Skeleton } from '@/components/skeleton.tsx';
import { BoundNumber, BoundText } from '@/components/spec/bound.tsx';
import { DATA_PATHS, DataFields } from '@/components/spec/data-fields.tsx';
import { faultsOf } from '@/components/spec/faults.ts';
import { Part } from '@/components/spec/part.tsx';
import { SpecFaults } from '@/components/spec/spec-faults.tsx';
import { SpecForm } from '@/components/spec/spec-form.tsx';
import { ParamFields, StrategyChoice } from '@/components/spec/strategy-choice.tsx';
import { useDraft } from '@/components/spec/use-draft.ts';
import { callApi, RefusedError } from '@/lib/api.ts';
import { pages } from '@/lib/pages.ts';
import { useApi } from '@/lib/use-api.ts';
import { useSending } from '@/lib/use-sending.ts';
import { TIMING_PATHS, TimingFields } from './timing-fields.tsx';

const FIRST = {
  name: 'Nightly averages on Apple',
  cron: '30 2 * * tue-sat',
  timeZone: 'America/New_York',
  spec: {
    data: { source: 'sample', symbols: ['AAPL'], timeframe: '1d', from: '2004-01-01' },
    strategy: { name: 'sma-cross', params: { fast: 10, slow: 30 } },
    account: { cash: 100_000, fees: { relative: 0.001 } },
  },
};

/** The form of a schedule: a new one, one that repeats a run, or changes of one that there is. */
export function NewSchedule() {
  return (
    <Suspense>
      <FilledIn />
    </Suspense>
  );
}

function FilledIn() {
  const query = useSearchParams();
  const [edit, run] = [query.get('edit'), query.get('run')];
  const schedule = useApi<Schedule>(edit === null ? null : `/v1/schedules/${edit}`);
  const repeated = useApi<Run>(run === null ? null : `/v1/backtests/${run}`);
  const error = schedule.error ?? repeated.error;
  const title = edit === null ? 'New schedule' : 'Edit the schedule';
  if (error)
    return (
      <Page title={title}>
        <ProblemView error={error} />
      </Page>
    );
  const first = edit !== null ? writtenOf(schedule.data) : run !== null ? nightlyOf(repeated.data) : FIRST;
  return (
    <Page title={title}>
      {first === undefined ? (
        <Skeleton className="h-[560px] w-full" label="The form is loading" />
      ) : (
        <ScheduleForm first={first} edit={edit} />
      )}
    </Page>
  );
}

function writtenOf(schedule: Schedule | undefined): object | undefined {
  if (schedule === undefined) return undefined;
  const {
    id: _1,
    owner: _2,
    paused: _3,
    note: _4,
    nextRuns: _5,
    skipped: _6,
    lastRun: _7,
    createdAt: _8,
    links: _9,
    ...written
  } = schedule;
  return written;
}

function nightlyOf(run: Run | undefined): object | undefined {
  if (run === undefined) return undefined;
  const { name, data, ...spec } = run.spec;
  // A night ends with the last day that has gone by.
  const { to: _, ...lasting } = data;
  return { ...FIRST, name: `Nightly: ${name ?? run.name}`.slice(0, 200), spec: { ...spec, data: lasting } };
}

const SHOWN = [
  ...TIMING_PATHS,
  ...DATA_PATHS.map((path) => `spec.${path}`),
  'name',
  'spec.strategy',
  'spec.account.cash',
  'spec.account.fees.relative',
];

function ScheduleForm({ first, edit }: { first: object; edit: string | null }) {
  const draft = useDraft(first as Readonly<Record<string, unknown>>);
  const [key] = useState(() => crypto.randomUUID());
  const router = useRouter();
  const { busy, refused, submit } = useSending(async () => {
    const { id } =
      edit === null
        ? await callApi<Schedule>('/v1/schedules', { method: 'POST', body: draft.value, headers: { 'idempotency-key': key } })
        : await callApi<Schedule>(`/v1/schedules/${edit}`, { method: 'PATCH', body: draft.value });
    router.push(pages.schedule(id));
  });
  const faults = faultsOf(refused);
  const bound = { draft, faults };
  return (
    <SpecForm draft={draft} onSubmit={submit}>
      <Part title="What">
        <BoundText {...bound} path="name" label="Name" placeholder="named after its strategy" />
        <StrategyChoice {...bound} at="spec." onChoose={(strategy) => draft.change('spec.strategy', strategy)} />
        <ParamFields {...bound} at="spec." />
      </Part>
      <TimingFields {...bound} />
      <Part title="Bars of each night">
        <DataFields {...bound} at="spec." dates="A day, or counted from the night: now-5y, now-1d" />
      </Part>
      <Part title="Account">
        <BoundNumber {...bound} path="spec.account.cash" label="Cash" placeholder="100000" />
        <BoundNumber
          {...bound}
          path="spec.account.fees.relative"
          label="Fee of each fill"
          placeholder="0"
          hint="0.001 is 0.1 % of the money"
        />
      </Part>
      {refused !== null && !(refused instanceof RefusedError && faults.length > 0) && <ProblemView error={refused} />}
      <SpecFaults faults={faults} shown={SHOWN} />
      <button type="submit" className="button button-main" disabled={busy || draft.broken !== null}>
        {busy ? 'One moment …' : edit === null ? 'Make the schedule' : 'Save the changes'}
      </button>
      {edit !== null && <p className="text-muted">Nights that are running go on as they are, and whether it is paused stays.</p>}
    </SpecForm>
  );
}
