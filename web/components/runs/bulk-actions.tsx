'use client';
import { useState } from 'react';
import type { RunRequest } from '#shared/names.ts';
import { Confirm, Dialog } from '@/components/dialog.tsx';
import { Field } from '@/components/field.tsx';
import { Link } from '@/components/link.tsx';
import { messageOf } from '@/components/problem.tsx';
import { callApi } from '@/lib/api.ts';
import { pages } from '@/lib/pages.ts';
import { say } from '@/lib/toasts.ts';
import { isOver, type ListedRun } from '@/lib/run-list.ts';
import { ask, EFFECTS, mayAsk } from '@/lib/steer.ts';

interface Props {
  chosen: readonly ListedRun[];
  change: (ids: ReadonlySet<string>, to: (run: ListedRun) => ListedRun | null) => void;
  clear: () => void;
}
/** Requests under way at once. */
const AT_ONCE = 6;
const WORDS: Record<RunRequest, [button: string, done: string]> = {
  pause: ['Pause', 'asked to pause'],
  resume: ['Resume', 'resumed'],
  cancel: ['Cancel …', 'asked to cancel'],
};

/** What can be done with the runs that are chosen; nothing where none is. It lies at the foot, so that the list does not move. */
export function BulkActions({ chosen, change, clear }: Props) {
  const [asking, setAsking] = useState<'cancel' | 'delete' | 'tag' | null>(null);
  if (chosen.length === 0) return null;
  const steer = (request: RunRequest) => (): void =>
    void forEach(
      chosen.filter((run) => mayAsk(run, request)),
      WORDS[request][1],
      (run) => ask('backtest', run.id, request),
    ).then(clear);
  const remove = (): void =>
    void forEach(chosen.filter(isOver), 'deleted', async ({ id }) => {
      await callApi(`/v1/backtests/${id}`, { method: 'DELETE' });
      change(new Set([id]), () => null);
    }).then(clear);
  const tag = (name: string): void =>
    void forEach(chosen, `tagged ${name}`, async ({ id, tags }) => {
      const next = [...new Set([...tags, name])];
      await callApi(`/v1/backtests/${id}`, { method: 'PATCH', body: { tags: next } });
      change(new Set([id]), (run) => ({ ...run, tags: next }));
    }).then(clear);
  return (
    <div
      role="toolbar"
      aria-label="With the chosen runs"
      className="fixed inset-x-3 bottom-3 z-10 mx-auto flex max-w-3xl flex-wrap items-center gap-2 rounded-lg border border-edge bg-ground p-2 shadow-lg"
    >
      <span className="px-1 font-semibold">{chosen.length} chosen</span>
      {(['pause', 'resume', 'cancel'] as const).map((request) => (
        <button
          key={request}
          type="button"
          className="button"
          title={EFFECTS.backtest[request]}
          disabled={!chosen.some((run) => mayAsk(run, request))}
          onClick={request === 'cancel' ? () => setAsking('cancel') : steer(request)}
        >
          {WORDS[request][0]}
        </button>
      ))}
      <Link className="button" href={pages.compare(chosen.slice(0, 8).map(({ id }) => id))}>
        Compare
      </Link>
      <button type="button" className="button" onClick={() => setAsking('tag')}>
        Tag …
      </button>
      <button type="button" className="button button-danger" disabled={!chosen.some(isOver)} onClick={() => setAsking('delete')}>
        Delete …
      </button>
      <span className="flex-1" />
      <button type="button" className="button" onClick={clear}>
        Choose none
      </button>
      {asking === 'cancel' && (
        <Confirm
          title={`Cancel ${chosen.filter((run) => mayAsk(run, 'cancel')).length} runs?`}
          action="Cancel them"
          danger
          onConfirm={steer('cancel')}
          onClose={() => setAsking(null)}
        >
          <p>{EFFECTS.backtest.cancel}</p>
        </Confirm>
      )}
      {asking === 'delete' && (
        <Confirm
          title={`Delete ${chosen.filter(isOver).length} finished runs?`}
          action="Delete them"
          danger
          onConfirm={remove}
          onClose={() => setAsking(null)}
        >
          <p>Their figures and series are removed. Runs that go on are left alone; data stay.</p>
        </Confirm>
      )}
      {asking === 'tag' && <TagDialog onTag={tag} onClose={() => setAsking(null)} />}
    </div>
  );
}

function TagDialog({ onTag, onClose }: { onTag: (tag: string) => void; onClose: () => void }) {
  return (
    <Dialog title="Tag the chosen runs" onClose={onClose}>
      <form
        className="flex flex-col gap-3"
        onSubmit={(event) => {
          event.preventDefault();
          const tag = new FormData(event.currentTarget).get('tag');
          if (typeof tag === 'string' && tag.trim() !== '') onTag(tag.trim());
          onClose();
        }}
      >
        <Field label="Tag" hint="Added to the tags that they have">
          {(bound) => <input {...bound} name="tag" className="field" maxLength={50} required />}
        </Field>
        <button type="submit" className="button button-main self-end">
          Tag them
        </button>
      </form>
    </Dialog>
  );
}

/** Does it to each, some at once, and says how it went. */
async function forEach(runs: readonly ListedRun[], done: string, work: (run: ListedRun) => Promise<unknown>): Promise<void> {
  const queue = [...runs];
  const refused: unknown[] = [];
  const next = async (): Promise<void> => {
    for (let run = queue.shift(); run !== undefined; run = queue.shift()) await work(run).catch((error: unknown) => refused.push(error));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, next));
  const good = runs.length - refused.length;
  if (good > 0) say({ kind: 'plain', text: `${good} ${good === 1 ? 'run' : 'runs'} ${done}.` });
  if (refused.length > 0) say({ kind: 'bad', text: `${refused.length} could not be: ${messageOf(refused[0])}` });
}
