'use client';
import { useRef, useState, type FormEvent } from 'react';
import type { SourceInfo, SymbolInfo } from '#shared/dataset.ts';
import { Dialog } from '@/components/dialog.tsx';
import { Field } from '@/components/field.tsx';
import { ProblemView } from '@/components/problem.tsx';
import { uploadFile } from '@/lib/upload.ts';
import { formatBytes, formatCount, formatPercent } from '@/lib/format.ts';
import { say } from '@/lib/toasts.ts';

const NAME = /[^a-z0-9_-]+/g;

/** A file of bars as a source of one's own; what is wrong with it is shown row by row. `onDone` hears its name as a source. */
export function UploadDialog({ onDone, onClose }: { onDone: (source: string) => void; onClose: () => void }) {
  const [file, setFile] = useState<File | null>(null);
  const [name, setName] = useState('');
  const [sent, setSent] = useState<number | null>(null);
  const [error, setError] = useState<unknown>(null);
  const sending = useRef<AbortController | null>(null);
  const choose = (chosen: File | null): void => {
    setFile(chosen);
    setError(null);
    if (name === '' && chosen !== null) setName(nameOf(chosen));
  };
  const send = async (event: FormEvent<HTMLFormElement>): Promise<void> => {
    event.preventDefault();
    if (file === null) return;
    const given = new FormData(event.currentTarget);
    const query = { name, symbol: textOf(given, 'symbol'), timeframe: textOf(given, 'timeframe') };
    const type = /\.(parquet|pq)$/i.test(file.name) ? 'application/vnd.apache.parquet' : 'text/csv';
    setError(null);
    setSent(0);
    sending.current = new AbortController();
    try {
      const made = await uploadFile<SourceInfo & { symbols: SymbolInfo[] }>('/v1/datasets', {
        query,
        file,
        type,
        onSent: setSent,
        signal: sending.current.signal,
      });
      say({ kind: 'good', text: `${made.title}: ${formatCount(made.symbols.length)} symbols are ready for runs.` });
      onDone(made.source);
      onClose();
    } catch (refused) {
      if (!sending.current.signal.aborted) setError(refused);
      setSent(null);
    }
  };
  const close = (): void => {
    sending.current?.abort();
    onClose();
  };
  return (
    <Dialog title="Upload bars" onClose={close}>
      <Format />
      <form className="flex flex-col gap-3" onSubmit={(event) => void send(event)}>
        <Field label="File">
          {(bound) => (
            <input
              {...bound}
              className="field"
              type="file"
              accept=".csv,.parquet,.pq,text/csv"
              required
              onChange={(event) => choose(event.target.files?.[0] ?? null)}
            />
          )}
        </Field>
        <Field label="Name" hint={`In a spec: upload:${name || 'NAME'}. An earlier upload of that name is replaced.`}>
          {(bound) => (
            <input
              {...bound}
              className="field"
              value={name}
              required
              spellCheck={false}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <Kind />
        {sent !== null && file !== null && <Sent share={sent} bytes={file.size} />}
        {error !== null && <ProblemView error={error} />}
        <div className="flex justify-end gap-2">
          <button type="button" className="button" onClick={close}>
            {sent === null ? 'Leave it' : 'Stop'}
          </button>
          <button type="submit" className="button button-main" disabled={sent !== null || file === null}>
            Upload
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function Format() {
  return (
    <p>
      CSV with the header <code className="font-mono">ts,open,high,low,close,volume</code>, optionally{' '}
      <code className="font-mono">symbol</code> and further numeric columns; or Parquet with the same columns.
    </p>
  );
}

/** A name that an upload may have. */
function nameOf(file: File): string {
  const stem = file.name
    .toLowerCase()
    .replace(/\.[a-z]+$/, '')
    .replace(NAME, '-');
  return stem.replace(/^[-_]+/, '').slice(0, 50);
}

/** What a file may not say of itself. */
function Kind() {
  return (
    <div className="grid grid-cols-2 gap-3">
      <Field label="Symbol" hint="Where there is no such column">
        {(bound) => <input {...bound} className="field" name="symbol" spellCheck={false} />}
      </Field>
      <Field label="Timeframe" hint="1m, 15m, 1h, 1d">
        {(bound) => <input {...bound} className="field" name="timeframe" defaultValue="1d" required />}
      </Field>
    </div>
  );
}

function Sent({ share, bytes }: { share: number; bytes: number }) {
  return (
    <div role="status" className="space-y-1">
      <div className="h-1.5 overflow-hidden rounded-full bg-line">
        <div className="h-full bg-accent" style={{ width: `${share * 100}%` }} />
      </div>
      <p className="text-muted">
        {share < 1 ? `${formatPercent(share)} of ${formatBytes(bytes)} sent` : 'All sent. The bars are being read and checked …'}
      </p>
    </div>
  );
}

function textOf(given: FormData, name: string): string {
  const value = given.get(name);
  return typeof value === 'string' ? value.trim() : '';
}
