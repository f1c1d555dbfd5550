'use client';
import { RUN_STATUSES } from '#shared/names.ts';
import { STATUS_WORDS } from './status.tsx';

interface Props {
  /** What is searched, and its name in the address. */
  label: string;
  name: string;
  text: string;
  status: string;
  change: (changes: Record<string, string>) => void;
}

/** What is shown of a list: by a text, and by a status (`status` in the address). */
export function ListFilter({ label, name, text, status, change }: Props) {
  return (
    <div className="mb-2 flex flex-wrap gap-2">
      <input
        className="field max-w-60"
        type="search"
        aria-label={label}
        placeholder={label}
        defaultValue={text}
        onChange={(event) => change({ [name]: event.target.value.trim() })}
      />
      <select className="field max-w-40" aria-label="Status" value={status} onChange={(event) => change({ status: event.target.value })}>
        <option value="">Any status</option>
        {RUN_STATUSES.map((each) => (
          <option key={each} value={each}>
            {STATUS_WORDS[each]}
          </option>
        ))}
      </select>
    </div>
  );
}
