'use client';
import { useState, type FormEvent } from 'react';
import { mutate } from 'swr';
import type { Share } from '#shared/credential.ts';
import { CopyField } from '@/components/copy-field.tsx';
import { Dialog } from '@/components/dialog.tsx';
import { Field } from '@/components/field.tsx';
import { ProblemView } from '@/components/problem.tsx';
import { callApi } from '@/lib/api.ts';
import { formatMoment } from '@/lib/format.ts';
import { pages } from '@/lib/pages.ts';
import { ShareList, SHARES } from './share-list.tsx';

type MadeShare = Share & { secret: string };

const LIFETIMES: readonly [hours: number, text: string][] = [
  [24, 'a day'],
  [168, 'a week'],
  [720, '30 days'],
  [2160, '90 days'],
];

/** Makes links by which anyone may read a run, and lists those that there are. */
export function ShareDialog({ run, onClose }: { run: string; onClose: () => void }) {
  const [made, setMade] = useState<MadeShare | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const make = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const expiresInHours = Number(new FormData(event.currentTarget).get('hours'));
    setBusy(true);
    setError(null);
    try {
      setMade(await callApi<MadeShare>('/v1/shares', { method: 'POST', body: { run, expiresInHours } }));
      void mutate(SHARES);
    } catch (refused) {
      setError(refused);
    } finally {
      setBusy(false);
    }
  };
  const link = made && `${location.origin}${pages.shared(run, made.secret)}`;
  return (
    <Dialog title="Share the run" onClose={onClose}>
      <p>
        Whoever has the link reads this run, with its curve, trades and spec, until it expires. They can change nothing and see nothing
        else.
      </p>
      <form className="flex items-end gap-2" onSubmit={(event) => void make(event)}>
        <Field label="The link lasts">
          {(bound) => (
            <select {...bound} className="field" name="hours" defaultValue={168}>
              {LIFETIMES.map(([hours, text]) => (
                <option key={hours} value={hours}>
                  {text}
                </option>
              ))}
            </select>
          )}
        </Field>
        <button type="submit" className="button button-main" disabled={busy}>
          {busy ? 'One moment …' : 'Make a link'}
        </button>
      </form>
      {error !== null && <ProblemView error={error} />}
      {link !== null && made !== null && (
        <div className="space-y-1 rounded-md border border-line bg-raised p-2" role="status">
          <p>Copy it now: it is not shown again. It lasts until {formatMoment(made.expiresAt)}.</p>
          <CopyField label="The link" text={link} what="the link" />
        </div>
      )}
      <ShareList run={run} />
    </Dialog>
  );
}
