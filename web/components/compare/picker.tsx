'use client';
import { useState } from 'react';
import type { RunSummary } from '#shared/run.ts';
import { Dialog } from '@/components/dialog.tsx';
import { Icon } from '@/components/icon.tsx';
import { ProblemView } from '@/components/problem.tsx';
import { SkeletonRows } from '@/components/skeleton.tsx';
import { Status } from '@/components/status.tsx';
import { usePages } from '@/lib/use-pages.ts';
import { MOST_RUNS } from './run-colours.tsx';

/** A button to add a run, which is looked for by its name. */
export function Picker({ chosen, onAdd }: { chosen: readonly string[]; onAdd: (id: string) => void }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <button type="button" className="button" disabled={chosen.length >= MOST_RUNS} onClick={() => setOpen(true)}>
        <Icon name="plus" size={14} /> Add a run …
      </button>
      {open && (
        <Dialog title="Add a run" onClose={() => setOpen(false)}>
          <Choice
            chosen={chosen}
            onAdd={(id) => {
              setOpen(false);
              onAdd(id);
            }}
          />
        </Dialog>
      )}
    </>
  );
}

function Choice({ chosen, onAdd }: { chosen: readonly string[]; onAdd: (id: string) => void }) {
  const [text, setText] = useState('');
  const query = new URLSearchParams({ limit: '30', ...(text.trim() !== '' && { q: text.trim() }) });
  const { items, error, refresh } = usePages<RunSummary>(`/v1/backtests?${query.toString()}`);
  const shown = items?.filter(({ id }) => !chosen.includes(id));
  return (
    <>
      <input
        className="field"
        type="search"
        aria-label="Part of the name"
        placeholder="Part of the name"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <div className="h-80 overflow-auto">
        {error ? (
          <ProblemView error={error} retry={refresh} />
        ) : shown === undefined ? (
          <SkeletonRows label="The runs are loading" />
        ) : shown.length === 0 ? (
          <p className="py-4 text-muted">{text === '' ? 'There is no other run.' : 'No run has that in its name.'}</p>
        ) : (
          <ul>
            {shown.map(({ id, name, status }) => (
              <li key={id}>
                <button
                  type="button"
                  className="flex h-8 w-full items-center justify-between gap-3 rounded px-2 text-left hover:bg-raised"
                  onClick={() => onAdd(id)}
                >
                  <span className="truncate">{name}</span>
                  <Status status={status} />
                </button>
              </li>
            ))}
          </ul>
        )}
      </div>
    </>
  );
}
