'use client';
import { useRouter, useSearchParams } from 'next/navigation';
import { Suspense, useState } from 'react';
import type { Sweep } from '#shared/sweep.ts';
import { ProblemView } from '@/components/problem.tsx';
import { Page } from '@/components/shell.tsx';
import { Skeleton } from '@/components/skeleton.tsx';
import { BoundNumber, BoundText } from '@/components/spec/bound.tsx';
import { DataFields } from '@/components/spec/data-fields.tsx';
import { Part } from '@/components/spec/part.tsx';
import { SpecForm } from '@/components/spec/spec-form.tsx';
import { StrategyChoice } from '@/components/spec/strategy-choice.tsx';
import { useDraft } from '@/components/spec/use-draft.ts';
import { useEstimate } from '@/components/spec/use-estimate.ts';
import { callApi } from '@/lib/api.ts';
import { pages } from '@/lib/pages.ts';
import { useApi } from '@/lib/use-api.ts';
import { useSending } from '@/lib/use-sending.ts';
import { EXAMPLE_SWEEP } from './example.ts';
import { SearchFields } from './search-fields.tsx';
import { SpaceFields } from './space-fields.tsx';
import { SweepEstimate, type Trials } from './sweep-estimate.tsx';

/** The form of a new sweep; empty but for the example, or filled in as an earlier one. */
export function NewSweep() {
  return (
    <Page title="New sweep">
      <Suspense>
        <FilledIn />
      </Suspense>
    </Page>
  );
}

function FilledIn() {
  const from = useSearchParams().get('from');
  const { data, error } = useApi<Sweep>(from === null ? null : `/v1/sweeps/${from}`);
  if (error) return <ProblemView error={error} />;
  if (from === null) return <SweepForm first={EXAMPLE_SWEEP} />;
  return data === undefined ? <Skeleton className="h-[560px] w-full" label="The sweep is loading" /> : <SweepForm first={data.spec} />;
}

function SweepForm({ first }: { first: object }) {
  const draft = useDraft(first as Readonly<Record<string, unknown>>);
  const estimate = useEstimate<Trials>('/v1/sweeps/estimate', draft.broken === null ? draft.value : null);
  const bound = { draft, faults: estimate.faults };
  const router = useRouter();
  const [key] = useState(() => crypto.randomUUID());
  const { busy, refused, submit } = useSending(async () => {
    // The same press twice is one sweep; another spec is another one.
    const headers = { 'idempotency-key': `${key}-${await shortHash(draft.text)}` };
    const { id } = await callApi<Sweep>('/v1/sweeps', { method: 'POST', body: draft.value, headers });
    router.push(pages.sweep(id));
  });
  return (
    <SpecForm draft={draft} onSubmit={submit}>
      <Part title="What">
        <BoundText {...bound} path="name" label="Name" placeholder="named after its strategy" />
        <StrategyChoice
          {...bound}
          at=""
          onChoose={(strategy) => {
            const { where: _, ...others } = draft.value;
            draft.replace({ ...others, strategy, space: {} });
          }}
        />
      </Part>
      <Part title="Bars">
        <DataFields {...bound} at="" dates="2004-01-31, or empty" />
      </Part>
      <Part title="Account">
        <BoundNumber {...bound} path="account.cash" label="Cash" placeholder="100000" />
        <BoundNumber {...bound} path="account.fees.relative" label="Fee of each fill" placeholder="0" hint="0.001 is 0.1 % of the money" />
        <BoundNumber {...bound} path="account.slippage.relative" label="Slippage" placeholder="0" hint="Of the price, against you" />
      </Part>
      <SpaceFields {...bound} />
      <SearchFields {...bound} />
      {refused !== null && <ProblemView error={refused} />}
      <SweepEstimate estimate={estimate} broken={draft.broken} busy={busy} />
    </SpecForm>
  );
}

async function shortHash(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return [...bytes.subarray(0, 8)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
