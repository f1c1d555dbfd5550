'use client';
import { useState, type ReactNode } from 'react';
import { Field } from '@/components/field.tsx';
import { faultAt, type Fault } from './faults.ts';
import type { Draft } from './use-draft.ts';

export interface Bound {
  draft: Draft;
  faults: readonly Fault[];
}
interface Props extends Bound {
  path: string;
  label: string;
  hint?: ReactNode;
  placeholder?: string;
}

export function BoundText({ draft, faults, path, label, hint, placeholder, mono = false }: Props & { mono?: boolean }) {
  const value = draft.at(path);
  return (
    <Field label={label} hint={hint} error={faultAt(faults, path)}>
      {(bound) => (
        <input
          {...bound}
          className={`field ${mono ? 'font-mono' : ''}`}
          placeholder={placeholder}
          spellCheck={false}
          value={typeof value === 'string' ? value : ''}
          onChange={(event) => draft.change(path, event.target.value === '' ? undefined : event.target.value)}
        />
      )}
    </Field>
  );
}

export function BoundNumber({ draft, faults, path, label, hint, placeholder, step = 'any' }: Props & { step?: string }) {
  const value = draft.at(path);
  return (
    <Field label={label} hint={hint} error={faultAt(faults, path)}>
      {(bound) => (
        <input
          {...bound}
          className="field text-right"
          type="number"
          step={step}
          placeholder={placeholder}
          value={typeof value === 'number' ? value : ''}
          onChange={(event) => draft.change(path, event.target.value === '' ? undefined : event.target.valueAsNumber)}
        />
      )}
    </Field>
  );
}

export function BoundChoice({
  draft,
  faults,
  path,
  label,
  hint,
  words,
  otherwise,
}: Props & { words: Readonly<Record<string, string>>; otherwise: string }) {
  const value = draft.at(path);
  return (
    <Field label={label} hint={hint} error={faultAt(faults, path)}>
      {(bound) => (
        <select
          {...bound}
          className="field"
          value={typeof value === 'string' ? value : otherwise}
          onChange={(event) => draft.change(path, event.target.value)}
        >
          {Object.entries(words).map(([key, text]) => (
            <option key={key} value={key}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

export function BoundSwitch({ draft, path, label }: Omit<Props, 'faults'>) {
  return (
    <label className="flex min-h-7 items-center gap-2">
      <input
        type="checkbox"
        checked={draft.at(path) === true}
        onChange={(event) => draft.change(path, event.target.checked || undefined)}
      />
      {label}
    </label>
  );
}

/** A list, written with commas. `read` makes a value of each part. */
export function BoundList({ draft, faults, path, label, hint, placeholder, read }: Props & { read: (part: string) => string | number }) {
  const value = draft.at(path);
  const list = Array.isArray(value) ? (value as (string | number)[]) : [];
  const [text, setText] = useState(list.join(', '));
  const parts = (written: string) =>
    written
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean)
      .map(read);
  // What was written stays as it is, until the list becomes another one elsewhere.
  const isSame = JSON.stringify(parts(text)) === JSON.stringify(list);
  return (
    <Field label={label} hint={hint} error={faultAt(faults, path)}>
      {(bound) => (
        <input
          {...bound}
          className="field"
          placeholder={placeholder}
          spellCheck={false}
          value={isSame ? text : list.join(', ')}
          onChange={(event) => {
            setText(event.target.value);
            draft.change(path, parts(event.target.value));
          }}
        />
      )}
    </Field>
  );
}
