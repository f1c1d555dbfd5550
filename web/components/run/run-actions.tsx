'use client';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { isTerminal, type RunRequest } from '#shared/names.ts';
import type { Run } from '#shared/run.ts';
import { Confirm } from '@/components/dialog.tsx';
import { Icon } from '@/components/icon.tsx';
import { Menu, type MenuItem } from '@/components/menu.tsx';
import { messageOf } from '@/components/problem.tsx';
import { ShareDialog } from '@/components/share/share-dialog.tsx';
import { callApi, download } from '@/lib/api.ts';
import { pages } from '@/lib/pages.ts';
import { say } from '@/lib/toasts.ts';
import { ask, EFFECTS, mayAsk } from '@/lib/steer.ts';

const WORDS: Record<RunRequest, string> = { pause: 'Pause', resume: 'Resume', cancel: 'Cancel' };

/** What can be done with a run. */
export function RunActions({ run, refresh }: { run: Run; refresh: () => void }) {
  const [confirming, setConfirming] = useState<'cancel' | 'delete' | 'share' | null>(null);
  const router = useRouter();
  const attempt = (work: () => Promise<unknown>) => (): void => {
    work().then(refresh, (error: unknown) => say({ kind: 'bad', text: messageOf(error) }));
  };
  const remove = async (): Promise<void> => {
    await callApi(`/v1/backtests/${run.id}`, { method: 'DELETE' });
    say({ kind: 'plain', text: `${run.name} was deleted.` });
    router.push(pages.runs);
  };
  const verify = async (): Promise<void> => {
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const again = await callApi<Run>(`/v1/backtests/${run.id}/verify`, { method: 'POST', headers });
    router.push(`${pages.run(again.id)}&tab=details`);
  };
  const ended = isTerminal(run.status);
  const more: MenuItem[] = [
    { text: 'Share by a link …', onSelect: () => setConfirming('share') },
    { text: 'Compare with others', onSelect: () => router.push(pages.compare([run.id])) },
    { text: 'Run it every night', onSelect: () => router.push(pages.scheduleRun(run.id)) },
    { text: 'Verify: run again and compare', onSelect: attempt(verify), disabled: run.status !== 'completed' },
    { text: 'Download all (zip)', onSelect: attempt(() => download(`/v1/backtests/${run.id}/bundle`)), disabled: run.metrics === null },
    { text: 'Download equity (CSV)', onSelect: attempt(() => download(`/v1/backtests/${run.id}/equity`, { format: 'csv' })) },
    { text: 'Download trades (CSV)', onSelect: attempt(() => download(`/v1/backtests/${run.id}/trades`, { format: 'csv' })) },
    { text: 'Delete …', onSelect: () => setConfirming('delete'), disabled: !ended, danger: true },
  ];
  return (
    <>
      {(['pause', 'resume'] as const).map(
        (request) =>
          mayAsk(run, request) && (
            <button
              key={request}
              type="button"
              className="button"
              title={EFFECTS.backtest[request]}
              onClick={attempt(() => ask('backtest', run.id, request))}
            >
              <Icon name={request === 'pause' ? 'paused' : 'running'} size={14} /> {WORDS[request]}
            </button>
          ),
      )}
      {mayAsk(run, 'cancel') && (
        <button type="button" className="button" onClick={() => setConfirming('cancel')}>
          Cancel …
        </button>
      )}
      <button type="button" className="button" onClick={() => router.push(pages.rerun(run.id))}>
        Run again with changes
      </button>
      {run.links.temporal !== null && (
        <a className="button" href={run.links.temporal} target="_blank" rel="noreferrer">
          Temporal <Icon name="external" size={12} />
        </a>
      )}
      <Menu label="More" items={more}>
        <Icon name="more" />
      </Menu>
      {confirming === 'share' && <ShareDialog run={run.id} onClose={() => setConfirming(null)} />}
      {confirming === 'cancel' && (
        <Confirm
          title={`Cancel ${run.name}?`}
          action="Cancel the run"
          danger
          onConfirm={attempt(() => ask('backtest', run.id, 'cancel'))}
          onClose={() => setConfirming(null)}
        >
          <p>{EFFECTS.backtest.cancel}</p>
          {mayAsk(run, 'pause') && <p className="text-muted">To stop it for a while, pause it instead.</p>}
        </Confirm>
      )}
      {confirming === 'delete' && (
        <Confirm
          title={`Delete ${run.name}?`}
          action="Delete the run"
          danger
          onConfirm={attempt(remove)}
          onClose={() => setConfirming(null)}
        >
          <p>The run, its figures and its series are removed. Its data stay, and so do runs that were made from it.</p>
        </Confirm>
      )}
    </>
  );
}
