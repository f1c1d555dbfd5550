'use client';
import { useState, type FormEvent } from 'react';
import { Dialog } from '@/components/dialog.tsx';
import { Field } from '@/components/field.tsx';
import { ProblemView } from '@/components/problem.tsx';
import { callApi } from '@/lib/api.ts';

/** Takes a file of bars in, to be used as the source `upload:NAME`. */
export function UploadDialog({ onDone, onClose }: { onDone: (source: string) => void; onClose: () => void }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const submit = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    const given = new FormData(event.currentTarget);
    const text = (name: string): string => {
      const value = given.get(name);
      return typeof value === 'string' ? value.trim() : '';
    };
    const file = given.get('file') as File;
    const type = file.name.endsWith('.parquet') ? 'application/vnd.apache.parquet' : 'text/csv';
    setBusy(true);
    setError(null);
    try {
      const query = { name: text('name'), timeframe: text('timeframe'), symbol: text('symbol') };
      await callApi('/v1/datasets', { method: 'POST', query, body: file, headers: { 'content-type': type } });
      onDone(`upload:${query.name}`);
      onClose();
    } catch (refused) {
      setError(refused);
      setBusy(false);
    }
  };
  return (
    <Dialog title="Upload bars" onClose={onClose}>
      <form className="flex flex-col gap-3" onSubmit={(event) => void submit(event)}>
        <p className="text-muted">
          CSV with the header <code className="font-mono">ts,open,high,low,close,volume</code>, optionally{' '}
          <code className="font-mono">symbol</code>, and further columns of numbers that rules know by their names; or Parquet with the same
          columns.
        </p>
        <Field label="File">
          {(bound) => <input {...bound} className="field" name="file" type="file" accept=".csv,.parquet,text/csv" required />}
        </Field>
        <Field label="Name" hint="Small letters, digits, - and _">
          {(bound) => <input {...bound} className="field" name="name" pattern="[a-z0-9][a-z0-9_\-]{0,49}" required />}
        </Field>
        <Field label="Timeframe" hint="As 1d, 15m">
          {(bound) => <input {...bound} className="field" name="timeframe" defaultValue="1d" required />}
        </Field>
        <Field label="Symbol" hint="Where the file has no such column">
          {(bound) => <input {...bound} className="field" name="symbol" />}
        </Field>
        {error !== null && <ProblemView error={error} />}
        <button type="submit" className="button button-main self-end" disabled={busy}>
          {busy ? 'Uploading …' : 'Upload'}
        </button>
      </form>
    </Dialog>
  );
}
