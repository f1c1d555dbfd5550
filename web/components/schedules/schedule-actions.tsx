'use client';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { Schedule } from '#shared/schedule.ts';
import { AskDialog } from '@/components/ask-dialog.tsx';
import { Confirm } from '@/components/dialog.tsx';
import { Field } from '@/components/field.tsx';
import { Icon } from '@/components/icon.tsx';
import { Menu } from '@/components/menu.tsx';
import { callApi } from '@/lib/api.ts';
import { attempt } from '@/lib/attempt.ts';
import { pages } from '@/lib/pages.ts';
import { say } from '@/lib/toasts.ts';
import { OVERLAP_WORDS } from './timing-words.ts';

/** What can be asked of a schedule. */
export function ScheduleActions({ schedule, refresh }: { schedule: Schedule; refresh: () => void }) {
  const { id, name, paused, links } = schedule;
  const [asked, setAsked] = useState<'pause' | 'backfill' | 'delete' | null>(null);
  const close = (): void => setAsked(null);
  const router = useRouter();
  const ask = async (what: string, body: object, done: string): Promise<void> => {
    const headers = { 'idempotency-key': crypto.randomUUID() };
    await callApi(`/v1/schedules/${id}/${what}`, { method: 'POST', body, headers });
    say({ kind: 'good', text: done });
    refresh();
  };
  const remove = async (): Promise<void> => {
    await callApi(`/v1/schedules/${id}`, { method: 'DELETE' });
    say({ kind: 'plain', text: `${name} was deleted.` });
    router.push(pages.schedules);
  };
  return (
    <>
      {paused ? (
        <button type="button" className="button" onClick={() => attempt(() => ask('resume', {}, 'Nights begin again.'))}>
          <Icon name="running" size={14} /> Resume
        </button>
      ) : (
        <button type="button" className="button" onClick={() => setAsked('pause')}>
          <Icon name="paused" size={14} /> Pause …
        </button>
      )}
      <button type="button" className="button" onClick={() => attempt(() => ask('trigger', {}, 'A night begins now.'))}>
        Run now
      </button>
      <button type="button" className="button" onClick={() => setAsked('backfill')}>
        Backfill …
      </button>
      <button type="button" className="button" onClick={() => router.push(pages.editSchedule(id))}>
        Edit
      </button>
      {links.temporal !== null && (
        <a className="button" href={links.temporal} target="_blank" rel="noreferrer">
          Temporal <Icon name="external" size={12} />
        </a>
      )}
      <Menu label="More" items={[{ text: 'Delete …', onSelect: () => setAsked('delete'), danger: true }]}>
        <Icon name="more" />
      </Menu>
      {asked === 'pause' && (
        <AskDialog
          title={`Pause ${name}?`}
          action="Pause"
          onClose={close}
          send={(given) => {
            const note = textOf(given, 'note').trim();
            return ask('pause', note === '' ? {} : { note }, 'No night begins until it is resumed.');
          }}
        >
          <p>No night begins until it is resumed. One that is running goes on, and all that there were stay.</p>
          <Field label="Why" hint="Shown to whoever wonders; may be empty">
            {(bound) => <input {...bound} className="field" name="note" maxLength={500} />}
          </Field>
        </AskDialog>
      )}
      {asked === 'backfill' && <BackfillDialog send={(body) => ask('backfill', body, 'The nights of the past begin.')} onClose={close} />}
      {asked === 'delete' && (
        <Confirm title={`Delete ${name}?`} action="Delete the schedule" danger onConfirm={() => attempt(remove)} onClose={close}>
          <p>No night begins any more. The runs of its nights stay, also one that is running.</p>
        </Confirm>
      )}
    </>
  );
}

function BackfillDialog({ send, onClose }: { send: (body: object) => Promise<void>; onClose: () => void }) {
  const days = (given: FormData) => ({
    from: new Date(`${textOf(given, 'from')}T00:00:00`).toISOString(),
    to: new Date(`${textOf(given, 'to')}T23:59:59`).toISOString(),
    overlap: textOf(given, 'overlap'),
  });
  return (
    <AskDialog title="Run nights of the past" action="Run them" send={(given) => send(days(given))} onClose={onClose}>
      <p>All times at which it was due by its present timing, each on the bars that its night would have had; also those that have run.</p>
      <div className="grid grid-cols-2 gap-3">
        <Field label="From">{(bound) => <input {...bound} className="field" type="date" name="from" required />}</Field>
        <Field label="To" hint="Inclusive, by your clock">
          {(bound) => <input {...bound} className="field" type="date" name="to" required />}
        </Field>
      </div>
      <Field label="While one of them still runs">
        {(bound) => (
          <select {...bound} className="field" name="overlap" defaultValue="buffer-all">
            {Object.entries(OVERLAP_WORDS).map(([key, text]) => (
              <option key={key} value={key}>
                {text}
              </option>
            ))}
          </select>
        )}
      </Field>
    </AskDialog>
  );
}

function textOf(given: FormData, name: string): string {
  const value = given.get(name);
  return typeof value === 'string' ? value : '';
}
