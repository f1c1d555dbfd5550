'use client';
import { useId } from 'react';
import { CopyButton } from '@/components/copy-button.tsx';
import type { Draft } from './use-draft.ts';

/** The spec as JSON, in step with the fields. */
export function SpecJson({ draft }: { draft: Draft }) {
  const id = useId();
  return (
    <section className="min-w-0">
      <div className="mb-1 flex items-center justify-between">
        <label htmlFor={id} className="text-sm font-semibold">
          The same as JSON
        </label>
        <CopyButton text={draft.text} what="the spec" />
      </div>
      <textarea
        id={id}
        className="field h-[520px] resize-y font-mono text-xs leading-[18px]"
        spellCheck={false}
        aria-invalid={draft.broken !== null}
        aria-describedby={`${id}-about`}
        value={draft.text}
        onChange={(event) => draft.write(event.target.value)}
      />
      <p id={`${id}-about`} className={`min-h-5 text-xs ${draft.broken === null ? 'text-muted' : 'text-loss'}`}>
        {draft.broken ?? 'What the command line and Python take. Fields without a place in the form can be written here.'}
      </p>
    </section>
  );
}
