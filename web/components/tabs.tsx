'use client';
import type { KeyboardEvent, ReactNode } from 'react';
import { useAddress } from '@/lib/use-address.ts';

interface Props<Name extends string> {
  /** Words by name; the first is shown where the address names none. */
  tabs: Readonly<Record<Name, string>>;
  label: string;
  children: (tab: Name) => ReactNode;
}

/** Parts of a page of which one is shown. Which one stands in the address (`tab`), so that a copied link opens the same. */
export function Tabs<Name extends string>({ tabs, label, children }: Props<Name>) {
  const names = Object.keys(tabs) as Name[];
  const { query, change } = useAddress();
  const shown = names.find((name) => name === query.get('tab')) ?? names[0]!;
  const show = (name: Name): void => change({ tab: name });
  const move = (event: KeyboardEvent<HTMLDivElement>): void => {
    const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const next = names[(names.indexOf(shown) + step + names.length) % names.length]!;
    show(next);
    document.getElementById(`tab-${next}`)?.focus();
  };
  return (
    <>
      <div
        role="tablist"
        tabIndex={-1}
        aria-label={label}
        onKeyDown={move}
        className="mb-3 flex gap-1 overflow-x-auto border-b border-line"
      >
        {names.map((name) => (
          <button
            key={name}
            id={`tab-${name}`}
            type="button"
            role="tab"
            aria-selected={name === shown}
            aria-controls="tab-panel"
            tabIndex={name === shown ? 0 : -1}
            className={`-mb-px border-b-2 px-2.5 py-1.5 ${name === shown ? 'border-accent font-semibold' : 'border-transparent text-muted hover:text-ink'}`}
            onClick={() => show(name)}
          >
            {tabs[name]}
          </button>
        ))}
      </div>
      <div id="tab-panel" role="tabpanel" aria-labelledby={`tab-${shown}`}>
        {children(shown)}
      </div>
    </>
  );
}
