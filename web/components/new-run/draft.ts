import type { BacktestSpecInput } from '#shared/spec.ts';

/** The spec as it is being written: all that the form changes, and whatever else its JSON says. */
export type Draft = BacktestSpecInput;

/** Changes a part of a draft. */
export type Change = (change: (draft: Draft) => Draft) => void;

const KEY = 'holdfast-draft';

/** What was being written when the page was left; null for nothing. */
export function keptDraft(): Draft | null {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Draft | null;
  } catch {
    return null;
  }
}

export function keepDraft(draft: Draft | null): void {
  if (draft === null) sessionStorage.removeItem(KEY);
  else sessionStorage.setItem(KEY, JSON.stringify(draft));
}

/** A draft of what is JSON of a spec; the service judges the rest. Null for what is not. */
export function draftOf(text: string): Draft | null {
  try {
    const value = JSON.parse(text) as Partial<Draft> | null;
    const hasParts = typeof value === 'object' && typeof value?.data === 'object' && typeof value.strategy === 'object';
    return hasParts ? (value as Draft) : null;
  } catch {
    return null;
  }
}
