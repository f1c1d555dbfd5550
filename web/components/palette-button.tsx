'use client';
import dynamic from 'next/dynamic';
import { useEffect, useState } from 'react';
import { createPortal } from 'react-dom';
import { persistently } from '@/lib/persistently.ts';
import { Icon } from './icon.tsx';

const Palette = dynamic(
  persistently(() => import('./palette.tsx').then((module) => module.Palette)),
  { ssr: false },
);

/** Opens the palette, as Ctrl or ⌘ with K does everywhere. */
export function PaletteButton({ disabled }: { disabled: boolean }) {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    if (disabled) return undefined;
    const press = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
      // Another dialog would lie over it.
      if (document.querySelector('dialog[open]')) return;
      event.preventDefault();
      setOpen(true);
    };
    document.addEventListener('keydown', press);
    return () => document.removeEventListener('keydown', press);
  }, [disabled]);
  return (
    <>
      <button
        type="button"
        className="mb-1 flex w-full items-center gap-2 rounded border border-line px-2 py-1 text-muted hover:bg-line"
        disabled={disabled}
        aria-keyshortcuts="Control+K Meta+K"
        onClick={() => setOpen(true)}
      >
        <Icon name="search" size={14} /> Go to
        <kbd className="ml-auto hidden font-sans text-xs lg:inline">Ctrl K</kbd>
      </button>
      {/* Not where the button is: a narrow screen hides that with the navigation. */}
      {open && !disabled && createPortal(<Palette onClose={() => setOpen(false)} />, document.body)}
    </>
  );
}
