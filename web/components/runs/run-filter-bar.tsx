'use client';
import { useEffect, useRef, useState } from 'react';
import { RUN_STATUSES, type RunStatus } from '#shared/names.ts';
import { STATUS_WORDS } from '@/components/status.tsx';
import type { RunFilters } from '@/lib/run-list.ts';

const TYPING_MS = 250;
const TEXTS = [
  { name: 'q', label: 'Search by name', width: 'w-full sm:w-56' },
  { name: 'strategy', label: 'Strategy', width: 'w-32' },
  { name: 'symbol', label: 'Symbol', width: 'w-24' },
  { name: 'tag', label: 'Tag', width: 'w-24' },
] as const;

/** What is shown of all runs. */
export function RunFilterBar({ filters, onChange }: { filters: RunFilters; onChange: (next: RunFilters) => void }) {
  const isFiltered = filters.status.length > 0 || TEXTS.some(({ name }) => filters[name] !== '');
  return (
    <div role="search" className="mb-2 flex flex-wrap items-center gap-2">
      {TEXTS.map(({ name, label, width }) => (
        <TextFilter
          key={name}
          label={label}
          width={width}
          value={filters[name]}
          onChange={(value) => onChange({ ...filters, [name]: value })}
        />
      ))}
      <select
        aria-label="Status"
        className="field w-36"
        value={filters.status.length === 1 ? filters.status[0] : filters.status.length === 0 ? '' : 'several'}
        onChange={({ target: { value } }) => onChange({ ...filters, status: value === '' ? [] : [value as RunStatus] })}
      >
        <option value="">Any status</option>
        {filters.status.length > 1 && <option value="several">{filters.status.map((status) => STATUS_WORDS[status]).join(', ')}</option>}
        {RUN_STATUSES.map((status) => (
          <option key={status} value={status}>
            {STATUS_WORDS[status]}
          </option>
        ))}
      </select>
      {isFiltered && (
        <button
          type="button"
          className="button"
          onClick={() => onChange({ status: [], strategy: '', symbol: '', tag: '', q: '', sort: filters.sort })}
        >
          Clear
        </button>
      )}
    </div>
  );
}

/** Asks when typing has stopped for a moment. */
function TextFilter({ label, width, value, onChange }: { label: string; width: string; value: string; onChange: (value: string) => void }) {
  const [text, setText] = useState(value);
  const [shown, setShown] = useState(value);
  const tell = useRef(onChange);
  useEffect(() => {
    tell.current = onChange;
  });
  // The address may change by itself: by `back`, or by Clear.
  if (value !== shown) {
    setShown(value);
    setText(value);
  }
  useEffect(() => {
    if (text === value) return undefined;
    const timer = setTimeout(() => tell.current(text), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text, value]);
  return (
    <input
      type="search"
      aria-label={label}
      placeholder={label}
      className={`field ${width}`}
      value={text}
      onChange={(event) => setText(event.target.value)}
    />
  );
}
