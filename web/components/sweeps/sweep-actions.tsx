'use client';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { Batch } from '#shared/batch.ts';
import { isTerminal, type RunRequest } from '#shared/names.ts';
import type { Sweep, Trial } from '#shared/sweep.ts';
import { Confirm } from '@/components/dialog.tsx';
import { Icon } from '@/components/icon.tsx';
import { Menu } from '@/components/menu.tsx';
import { callApi, download, saveFile } from '@/lib/api.ts';
import { attempt } from '@/lib/attempt.ts';
import { pages } from '@/lib/pages.ts';
import { ask, EFFECTS, mayAsk } from '@/lib/steer.ts';
import { say } from '@/lib/toasts.ts';
import { BestDialog, ExtendDialog, PriorityDialog } from './sweep-dialogs.tsx';

const WORDS: Record<Exclude<RunRequest, 'cancel'>, string> = { pause: 'Pause', resume: 'Resume' };
type Asked = 'cancel' | 'delete' | 'extend' | 'priority' | 'best';

/** What can be done with a sweep. */
export function SweepActions({ sweep, refresh }: { sweep: Sweep; refresh: () => void }) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const router = useRouter();
  const { id, status, links } = sweep;
  const ended = isTerminal(status);
  const saved = (format: string) => (): void => attempt(() => download(`/v1/sweeps/${id}/trials`, { format }));
  const savedAsJson = async (): Promise<void> => {
    const { items } = await callApi<{ items: Trial[] }>(`/v1/sweeps/${id}/trials?limit=1000`);
    saveFile(new Blob([JSON.stringify(items, null, 2)], { type: 'application/json' }), `${id}-trials.json`);
  };
  return (
    <>
      {(['pause', 'resume'] as const).map(
        (request) =>
          mayAsk(sweep, request) && (
            <button
              key={request}
              type="button"
              className="button"
              title={EFFECTS.sweep[request]}
              onClick={() => attempt(() => ask('sweep', id, request), refresh)}
            >
              <Icon name={request === 'pause' ? 'paused' : 'running'} size={14} /> {WORDS[request]}
            </button>
          ),
      )}
      {mayAsk(sweep, 'cancel') && (
        <button type="button" className="button" onClick={() => setAsked('cancel')}>
          Cancel …
        </button>
      )}
      {status !== 'failed' && status !== 'cancelled' && status !== 'cancelling' && (
        <button type="button" className="button" onClick={() => setAsked('extend')}>
          Extend …
        </button>
      )}
      <button type="button" className="button" onClick={() => setAsked('best')}>
        Run the best in full …
      </button>
      <Menu
        label="Download the trials"
        items={[
          { text: 'CSV', onSelect: saved('csv') },
          { text: 'Parquet', onSelect: saved('parquet') },
          { text: 'JSON (the best 1,000)', onSelect: () => attempt(savedAsJson) },
        ]}
      >
        <Icon name="download" size={14} /> Download
      </Menu>
      {links.temporal !== null && (
        <a className="button" href={links.temporal} target="_blank" rel="noreferrer">
          Temporal <Icon name="external" size={12} />
        </a>
      )}
      <Menu
        label="More"
        items={[
          { text: 'Sweep again with changes', onSelect: () => router.push(pages.resweep(id)) },
          { text: 'Priority …', onSelect: () => setAsked('priority'), disabled: ended },
          { text: 'Delete …', onSelect: () => setAsked('delete'), disabled: !ended, danger: true },
        ]}
      >
        <Icon name="more" />
      </Menu>
      <Asking sweep={sweep} asked={asked} close={() => setAsked(null)} refresh={refresh} />
    </>
  );
}

interface AskingProps {
  sweep: Sweep;
  asked: Asked | null;
  close: () => void;
  refresh: () => void;
}

/** The dialog of what was asked for. */
function Asking({ sweep, asked, close, refresh }: AskingProps) {
  const router = useRouter();
  const { id, name } = sweep;
  const remove = async (): Promise<void> => {
    await callApi(`/v1/sweeps/${id}`, { method: 'DELETE' });
    say({ kind: 'plain', text: `${name} was deleted.` });
    router.push(pages.sweeps);
  };
  const runBest = async (k: number): Promise<void> => {
    const batch = await callApi<Batch>(`/v1/sweeps/${id}/best?k=${k}`, { method: 'POST' });
    router.push(pages.batch(batch.id));
  };
  return (
    <>
      {asked === 'cancel' && (
        <Confirm
          title={`Cancel ${name}?`}
          action="Cancel the sweep"
          danger
          onConfirm={() => attempt(() => ask('sweep', id, 'cancel'), refresh)}
          onClose={close}
        >
          <p>{EFFECTS.sweep.cancel}</p>
          {mayAsk(sweep, 'pause') && <p className="text-muted">To stop it for a while, pause it instead.</p>}
        </Confirm>
      )}
      {asked === 'delete' && (
        <Confirm title={`Delete ${name}?`} action="Delete the sweep" danger onConfirm={() => attempt(remove)} onClose={close}>
          <p>Its table of trials and its verdict are removed. Runs that were made of its best trials stay, and so do the data.</p>
        </Confirm>
      )}
      {asked === 'extend' && <ExtendDialog sweep={sweep} onDone={refresh} onClose={close} />}
      {asked === 'priority' && <PriorityDialog sweep={sweep} onDone={refresh} onClose={close} />}
      {asked === 'best' && <BestDialog onRun={(k) => attempt(() => runBest(k))} onClose={close} />}
    </>
  );
}
