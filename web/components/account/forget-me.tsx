'use client';
import { useState } from 'react';
import { AskDialog } from '@/components/ask-dialog.tsx';
import { Field } from '@/components/field.tsx';
import { callApi } from '@/lib/api.ts';
import { say } from '@/lib/toasts.ts';

const WORD = 'delete';

/** All that belongs to someone goes at once. */
export function ForgetMe() {
  const [asking, setAsking] = useState(false);
  const remove = async (): Promise<void> => {
    await callApi('/v1/me', { method: 'DELETE' });
    say({ kind: 'plain', text: 'All that was yours is deleted.' });
  };
  return (
    <>
      <p className="mb-3">
        Deletes all that is yours: runs, sweeps and their results, uploads, tokens, links and webhooks. It cannot be taken back.
      </p>
      <p className="mb-3 text-muted">
        Cancel what is not finished and delete your schedules first. A sign-in of this service stays; only its data go.
      </p>
      <button type="button" className="button button-danger" onClick={() => setAsking(true)}>
        Delete all my data …
      </button>
      {asking && (
        <AskDialog title="Delete all your data?" action="Delete everything" danger send={remove} onClose={() => setAsking(false)}>
          <p>Nothing is kept. Download first what you may still need.</p>
          <Field label={`Write “${WORD}” to go on`}>
            {(bound) => <input {...bound} className="field" name="word" pattern={WORD} required autoComplete="off" />}
          </Field>
        </AskDialog>
      )}
    </>
  );
}
