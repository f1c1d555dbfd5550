'use client';
import { useState } from 'react';
import type { Run } from '#shared/run.ts';
import { useRouter } from 'next/navigation';
import { ProblemView } from '@/components/problem.tsx';
import { callApi } from '@/lib/api.ts';
import { EXAMPLE } from '@/lib/example.ts';
import { pages } from '@/lib/pages.ts';

/** One click to a first result. */
export function RunExample({ onStarted }: { onStarted: () => void }) {
  const [state, setState] = useState<{ busy: boolean; error: unknown }>({ busy: false, error: null });
  const router = useRouter();
  const start = async (): Promise<void> => {
    setState({ busy: true, error: null });
    try {
      const run = await callApi<Run>('/v1/backtests', {
        method: 'POST',
        body: EXAMPLE,
        headers: { 'idempotency-key': crypto.randomUUID() },
      });
      onStarted();
      router.push(pages.run(run.id));
    } catch (error) {
      setState({ busy: false, error });
    }
  };
  return (
    <>
      <button type="button" className="button button-main" disabled={state.busy} onClick={() => void start()}>
        {state.busy ? 'Starting …' : 'Run the example'}
      </button>
      {state.error !== null && <ProblemView error={state.error} />}
    </>
  );
}
