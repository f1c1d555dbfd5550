'use client';
import { Suspense } from 'react';
import type { Me } from '@/components/account/usage.tsx';
import { EmptyState, ProblemView } from '@/components/problem.tsx';
import { Page } from '@/components/shell.tsx';
import { SkeletonRows } from '@/components/skeleton.tsx';
import { Tabs } from '@/components/tabs.tsx';
import { useApi } from '@/lib/use-api.ts';
import { AllRuns } from './all-runs.tsx';
import { Blocks } from './blocks.tsx';

const TABS = { runs: 'Runs of everyone', blocks: 'Disabled' } as const;

/** What operators see and do. */
export function AdminView() {
  const { data, error, mutate } = useApi<Me>('/v1/me');
  return (
    <Page title="Operators">
      {data === undefined ? (
        error ? (
          <ProblemView error={error} retry={() => void mutate()} />
        ) : (
          <SkeletonRows label="The page is loading" />
        )
      ) : !data.isAdmin ? (
        <EmptyState title="For operators only">Whoever runs the service can make you one.</EmptyState>
      ) : (
        <Suspense>
          <Tabs tabs={TABS} label="Parts">
            {(tab) => (tab === 'runs' ? <AllRuns /> : <Blocks />)}
          </Tabs>
        </Suspense>
      )}
    </Page>
  );
}
