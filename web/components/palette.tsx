'use client';
import { useRouter } from 'next/navigation';
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import type { RunSummary } from '#shared/run.ts';
import { NAVIGATION, pages } from '@/lib/pages.ts';
import { chooseTheme, theme } from '@/lib/theme.ts';
import { useApi } from '@/lib/use-api.ts';
import { Dialog } from './dialog.tsx';
import { Status } from './status.tsx';

interface Choice {
  key: string;
  text: string;
  run?: RunSummary;
  act: () => void;
}

/** So many runs fit beside the pages. */
const FOUND = 8;
const TYPING_MS = 150;

/** Goes anywhere by a few letters: pages, what can be done everywhere, and runs by their name. Arrows choose, Enter goes. */
export function Palette({ onClose }: { onClose: () => void }) {
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const list = useId();
  const input = useRef<HTMLInputElement>(null);
  // After the dialog, which gives the focus to its first button.
  useEffect(() => input.current?.focus(), []);
  const choices = useChoices(text.trim(), onClose);
  const chosen = Math.min(at, choices.length - 1);
  const press = (event: KeyboardEvent): void => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      const next = (chosen + step + choices.length) % choices.length;
      setAt(next);
      document.getElementById(`${list}-${next}`)?.scrollIntoView({ block: 'nearest' });
    }
    if (event.key === 'Enter') {
      event.preventDefault();
      choices[chosen]?.act();
    }
  };
  return (
    <Dialog title="Go to" onClose={onClose}>
      <input
        ref={input}
        role="combobox"
        aria-label="A page, or the name of a run"
        aria-expanded="true"
        aria-controls={list}
        aria-activedescendant={choices.length === 0 ? undefined : `${list}-${chosen}`}
        className="field"
        placeholder="A page, or the name of a run"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
        }}
        onKeyDown={press}
      />
      <div id={list} role="listbox" aria-label="Where to go" className="max-h-[50dvh] min-h-64 overflow-auto">
        {choices.map(({ key, text: words, run, act }, index) => (
          // The keyboard chooses by the field above.
          // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
          <div
            key={key}
            id={`${list}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === chosen}
            className={`flex h-8 cursor-pointer items-center justify-between gap-4 rounded px-2 ${index === chosen ? 'bg-accent-soft' : ''}`}
            onClick={act}
            onPointerMove={() => setAt(index)}
          >
            <span className="truncate">{words}</span>
            {run && <Status status={run.status} requested={run.requested} />}
          </div>
        ))}
      </div>
      <p role="status" className="text-xs text-muted">
        {choices.length === 0 ? 'Nothing has this name.' : '↑ ↓ choose, Enter goes there'}
      </p>
    </Dialog>
  );
}

function useChoices(text: string, onClose: () => void): Choice[] {
  const router = useRouter();
  const asked = useSettled(text);
  const { data: me } = useApi<{ isAdmin: boolean }>('/v1/me');
  const { data: runs } = useApi<{ items: RunSummary[] }>(
    `/v1/backtests?limit=${FOUND}${asked === '' ? '' : `&q=${encodeURIComponent(asked)}`}`,
    {
      keepPreviousData: true,
    },
  );
  const go = (href: string) => (): void => {
    onClose();
    router.push(href);
  };
  const other = theme.get() === 'dark' ? 'light' : 'dark';
  const fixed: Choice[] = [
    ...NAVIGATION.filter(({ operators }) => !operators || me?.isAdmin).map(({ href, text: words }) => ({
      key: href,
      text: words,
      act: go(href),
    })),
    { key: 'sweep', text: 'New sweep', act: go(pages.newSweep) },
    { key: 'schedule', text: 'New schedule', act: go(pages.newSchedule) },
    {
      key: 'theme',
      text: `Theme: ${other}`,
      act: () => {
        chooseTheme(other);
        onClose();
      },
    },
  ];
  const words = text.toLowerCase().split(/\s+/);
  const fit = fixed.filter((choice) => words.every((word) => choice.text.toLowerCase().includes(word)));
  const found = (runs?.items ?? []).map((run) => ({ key: run.id, text: run.name, run, act: go(pages.run(run.id)) }));
  return [...fit, ...found];
}

/** A text once nobody has changed it for some moments. */
function useSettled(text: string): string {
  const [settled, settle] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => settle(text), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
