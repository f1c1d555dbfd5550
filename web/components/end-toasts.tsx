'use client';
import { useEffect } from 'react';
import type { RunStatus } from '#shared/names.ts';
import { callApi } from '@/lib/api.ts';
import { onEnd } from '@/lib/live.ts';
import { pages } from '@/lib/pages.ts';
import { say } from '@/lib/toasts.ts';
import { STATUS_WORDS } from './status.tsx';

/** More that end at once are told in one. */
const GATHERED_MS = 400;

interface Ended {
  id: string;
  status: RunStatus;
  isSweep: boolean;
}

/** Says when a run or sweep has ended. */
export function EndToasts() {
  useEffect(() => {
    let ended: Ended[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = onEnd((id, { status, progress }) => {
      ended.push({ id, status, isSweep: progress.unit === 'trials' });
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

async function tell(ended: readonly Ended[]): Promise<void> {
  const [first] = ended;
  if (ended.length > 1) {
    const failed = ended.filter(({ status }) => status === 'failed').length;
    say({ kind: failed > 0 ? 'plain' : 'good', text: `${ended.length} runs have ended${failed > 0 ? `, ${failed} of them failed` : ''}.` });
    return;
  }
  const { id, isSweep } = first!;
  const run = await callApi<{ name: string; status: RunStatus }>(`/v1/${isSweep ? 'sweeps' : 'backtests'}/${id}`).catch(() => null);
  if (run === null) return; // deleted since
  const kind = run.status === 'completed' ? 'good' : 'plain';
  const href = isSweep ? pages.sweep(id) : pages.run(id);
  say({ kind, text: `${run.name}: ${STATUS_WORDS[run.status].toLowerCase()}.`, link: { href, text: 'Open' } });
}
