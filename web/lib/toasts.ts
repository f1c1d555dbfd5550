import { createStore } from './store.ts';

export interface Toast {
  id: number;
  kind: 'good' | 'bad' | 'plain';
  text: string;
  /** Where it leads. */
  link?: { href: string; text: string };
}

export const toasts = createStore<readonly Toast[]>([]);
const SHOWN_MS = 8_000;
const MOST = 4;
let last = 0;

/** Says something in the corner for some seconds; errors stay until they are closed. */
export function say(toast: Omit<Toast, 'id'>): void {
  const id = ++last;
  toasts.set((now) => [...now, { ...toast, id }].slice(-MOST));
  if (toast.kind !== 'bad') setTimeout(() => closeToast(id), SHOWN_MS);
}

export function closeToast(id: number): void {
  toasts.set((now) => now.filter((each) => each.id !== id));
}
