'use client';
import { useEffect } from 'react';
import type { RunStatus } from '#shared/names.ts';
import type { RunSummary } from '#shared/run.ts';
import { callApi } from '@/lib/api.ts';
import { onEnd } from '@/lib/live.ts';
import { pages } from '@/lib/pages.ts';
import { say } from '@/lib/toasts.ts';
import { STATUS_WORDS } from './status.tsx';

/** More that end at once are told in one. */
const GATHERED_MS = 400;

/** Says when a run has ended. */
export function EndToasts() {
  useEffect(() => {
    let ended: { id: string; status: RunStatus }[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = onEnd((id, { status }) => {
      ended.push({ id, status });
      timer ??= setTimeout(() => {
        const told = ended;
        [ended, timer] = [[], undefined];
        void tell(told);
      }, GATHERED_MS);
    });
    return () => {
      stop();
      clearTimeout(timer);
    };
  }, []);
  return null;
}

async function tell(ended: readonly { id: string; status: RunStatus }[]): Promise<void> {
  const [first] = ended;
  if (ended.length > 1) {
    const failed = ended.filter(({ status }) => status === 'failed').length;
    say({ kind: failed > 0 ? 'plain' : 'good', text: `${ended.length} runs have ended${failed > 0 ? `, ${failed} of them failed` : ''}.` });
    return;
  }
  const run = await callApi<RunSummary>(`/v1/backtests/${first!.id}`).catch(() => null);
  if (run === null) return; // a sweep, which has a page of its own, or a run that was deleted since
  const kind = run.status === 'completed' ? 'good' : 'plain';
  say({ kind, text: `${run.name}: ${STATUS_WORDS[run.status].toLowerCase()}.`, link: { href: pages.run(run.id), text: 'Open' } });
}
