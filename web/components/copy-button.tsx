'use client';
import { say } from '@/lib/toasts.ts';
import { Icon } from './icon.tsx';

/** Copies a text; says so, as nothing else would show it. */
export function CopyButton({ text, what, children = 'Copy' }: { text: string; what: string; children?: string }) {
  const copy = (): void => {
    navigator.clipboard.writeText(text).then(
      () => say({ kind: 'good', text: `Copied ${what}.` }),
      () => say({ kind: 'bad', text: 'The browser does not allow copying here: mark the text and copy it by hand.' }),
    );
  };
  return (
    <button type="button" className="button" onClick={copy}>
      <Icon name="copy" size={14} /> {children}
    </button>
  );
}
