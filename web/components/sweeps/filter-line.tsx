'use client';
import { useState } from 'react';
import { formatCount } from '@/lib/format.ts';

interface FilterProps {
  filter: string;
  example: string;
  total: number | undefined;
  onFilter: (filter: string) => void;
}

/** A condition by which trials are chosen, and how many there are. */
export function FilterLine({ filter, example, total, onFilter }: FilterProps) {
  const [text, setText] = useState(filter);
  return (
    <form
      className="mb-2 flex flex-wrap items-center gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        onFilter(text.trim());
      }}
    >
      <input
        className="field max-w-96 font-mono"
        aria-label="Condition between columns"
        placeholder={example}
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <button type="submit" className="button">
        Filter
      </button>
      {filter !== '' && (
        <button type="button" className="button" onClick={() => onFilter('')}>
          Show all
        </button>
      )}
      <span className="text-muted" role="status">
        {total === undefined ? '' : `${formatCount(total)} trials`}
      </span>
    </form>
  );
}
