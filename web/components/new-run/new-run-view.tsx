'use client';
import { useRouter, useSearchParams } from 'next/navigation';
import { Suspense, useEffect, useRef, useState } from 'react';
import type { Run } from '#shared/run.ts';
import { ProblemView } from '@/components/problem.tsx';
import { Page } from '@/components/shell.tsx';
import { SkeletonRows } from '@/components/skeleton.tsx';
import { useEstimate } from '@/components/spec/use-estimate.ts';
import { callApi } from '@/lib/api.ts';
import { EXAMPLE } from '@/lib/example.ts';
import { pages } from '@/lib/pages.ts';
import { useApi } from '@/lib/use-api.ts';
import { useSending } from '@/lib/use-sending.ts';
import { AccountSection } from './account-section.tsx';
import { DataSection } from './data-section.tsx';
import { keepDraft, keptDraft, type Draft } from './draft.ts';
import { EstimatePanel } from './estimate-panel.tsx';
import { NameSection } from './name-section.tsx';
import { SpecPanel } from './spec-panel.tsx';
import { StrategySection } from './strategy-section.tsx';

/** The form of a new run: empty but for an example, or as an earlier run (`from` in the address). */
export function NewRunView() {
  return (
    <Suspense fallback={<Page title="New run">{null}</Page>}>
      <Beginning />
    </Suspense>
  );
}

function Beginning() {
  const from = useSearchParams().get('from');
  const { data, error } = useApi<Run>(from === null ? null : `/v1/backtests/${from}`);
  if (error) return <Page title="New run">{<ProblemView error={error} />}</Page>;
  if (from !== null && data === undefined)
    return (
      <Page title="New run">
        <SkeletonRows label="The earlier run is loading" />
      </Page>
    );
  const { tags: _tags, ...example } = EXAMPLE;
  return <Form key={from} first={data?.spec ?? keptDraft() ?? example} keeps={from === null} />;
}

function Form({ first, keeps }: { first: Draft; keeps: boolean }) {
  const [draft, setDraft] = useState<Draft>(first);
  const router = useRouter();
  const estimate = useEstimate('/v1/backtests/estimate', draft);
  // The same key for the same draft: a click that was not answered does not start a second run.
  const key = useRef({ text: '', key: '' });
  useEffect(() => {
    if (keeps) keepDraft(draft);
  }, [draft, keeps]);

  const { busy, refused, submit } = useSending(async () => {
    const text = JSON.stringify(draft);
    if (key.current.text !== text) key.current = { text, key: crypto.randomUUID() };
    const run = await callApi<Run>('/v1/backtests', { method: 'POST', body: draft, headers: { 'idempotency-key': key.current.key } });
    keepDraft(null);
    router.push(pages.run(run.id));
  });
  const parts = { draft, change: setDraft, faults: estimate.faults };
  return (
    <Page title="New run">
      <div className="grid grid-cols-1 gap-x-8 gap-y-6 lg:grid-cols-[minmax(0,1fr)_360px]">
        <form className="space-y-6" onSubmit={submit}>
          <StrategySection {...parts} />
          <DataSection {...parts} />
          <AccountSection {...parts} />
          <NameSection {...parts} />
          {refused !== null && <ProblemView error={refused} />}
          <EstimatePanel estimate={estimate} sending={busy} />
        </form>
        <SpecPanel draft={draft} change={setDraft} />
      </div>
    </Page>
  );
}
