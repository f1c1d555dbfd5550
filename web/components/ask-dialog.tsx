'use client';
import { useState, type FormEvent, type ReactNode } from 'react';
import { Dialog } from './dialog.tsx';
import { ProblemView } from './problem.tsx';

interface Props {
  title: string;
  action: string;
  children: ReactNode;
  send: (given: FormData) => Promise<unknown>;
  onClose: () => void;
  danger?: boolean;
}

/** A dialog with a form whose refusal is shown in it. */
export function AskDialog({ title, action, children, send, onClose, danger = false }: Props) {
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    send(new FormData(event.currentTarget))
      .then(onClose, setError)
      .finally(() => setBusy(false));
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form className="flex flex-col gap-3" onSubmit={submit}>
        {children}
        {error !== null && <ProblemView error={error} />}
        <div className="flex justify-end gap-2">
          <button type="button" className="button" onClick={onClose}>
            Leave it
          </button>
          <button type="submit" className={`button ${danger ? 'button-danger' : 'button-main'}`} disabled={busy}>
            {busy ? 'One moment …' : action}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
