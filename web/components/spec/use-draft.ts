import { useState } from 'react';
import { changedAt, isPart, type Part } from './change-at.ts';

/** A spec that somebody writes, by fields and as JSON in step with them. */
export interface Draft {
  value: Part;
  /** What stands at `data.symbols`. */
  at: (path: string) => unknown;
  /** Undefined takes it out. */
  change: (path: string, value: unknown) => void;
  /** Takes another spec in place of all of it. */
  replace: (value: Part) => void;
  text: string;
  write: (text: string) => void;
  /** Why the text is no JSON; null where it is. The fields then show what it last was. */
  broken: string | null;
}

export function useDraft(first: Part): Draft {
  const [{ value, text, broken }, set] = useState(() => ({ value: first, text: shown(first), broken: null as string | null }));
  const replace = (next: Part): void => set({ value: next, text: shown(next), broken: null });
  return {
    value,
    text,
    broken,
    replace,
    at: (path) => path.split('.').reduce<unknown>((part, name) => (isPart(part) ? part[name] : undefined), value),
    change: (path, changed) => replace(changedAt(value, path.split('.'), changed)),
    write: (written) => {
      try {
        const read: unknown = JSON.parse(written);
        if (isPart(read)) set({ value: read, text: written, broken: null });
        else set((now) => ({ ...now, text: written, broken: 'A spec is an object: it begins with { and ends with }.' }));
      } catch (error) {
        set((now) => ({ ...now, text: written, broken: error instanceof Error ? error.message : String(error) }));
      }
    },
  };
}

const shown = (value: Part): string => JSON.stringify(value, null, 2);
