'use client';
import type { FormEvent, ReactNode } from 'react';
import { SpecJson } from './spec-json.tsx';
import type { Draft } from './use-draft.ts';

/** Fields of a spec, and beside them the same as JSON. */
export function SpecForm({ draft, onSubmit, children }: { draft: Draft; onSubmit: (event: FormEvent) => void; children: ReactNode }) {
  return (
    <form className="grid gap-6 xl:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]" onSubmit={onSubmit}>
      <div className="min-w-0 space-y-5">{children}</div>
      <SpecJson draft={draft} />
    </form>
  );
}
