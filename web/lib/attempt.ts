import { messageOf } from '@/components/problem.tsx';
import { say } from './toasts.ts';

/** Does what a button asks for. A refusal is said in the corner, where nothing on the page could show it. */
export function attempt(work: () => Promise<unknown>, then?: () => void): void {
  work().then(then, (error: unknown) => say({ kind: 'bad', text: messageOf(error) }));
}
