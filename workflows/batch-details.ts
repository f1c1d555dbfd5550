import { MEMO, batchPathOf } from '../shared/names.ts';
import type { RunError } from '../shared/run.ts';
import type { BatchInput } from '../shared/start.ts';

interface Shown {
  input: BatchInput;
  /** Items that have ended. */
  done: number;
  error: RunError | null;
  memo: Record<string, unknown> | undefined;
}

/** What Temporal Web shows as the current details of a batch, in Markdown. */
export function batchDetailsOf(title: string, { input, done, error, memo }: Shown): string {
  const count = (value: number): string => value.toLocaleString('en-US');
  const share = `${count(done)} of ${count(input.items)} (${Math.floor((done / input.items) * 100)} %)`;
  const api = memo?.[MEMO.api];
  return [
    `**${title.charAt(0).toUpperCase()}${title.slice(1)}**: ${input.name}`,
    `Items ${share}`,
    ...(error ? [`Failed with \`${error.code}\`: ${error.message}`] : []),
    ...(typeof api === 'string' ? [`[Batch](${api}${batchPathOf(input.batchId)})`] : []),
  ].join('\n\n');
}
