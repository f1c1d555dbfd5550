import { MEMO, runPathOf } from '../shared/names.ts';
import type { RunError } from '../shared/run.ts';
import type { SweepInput } from '../shared/start.ts';

interface Shown {
  input: SweepInput;
  done: number;
  total: number;
  perSecond: number;
  best: { trial: number; objective: number } | null;
  error: RunError | null;
  memo: Record<string, unknown> | undefined;
}

/** What Temporal Web shows as the current details of a sweep, in Markdown. */
export function sweepDetailsOf(title: string, { input, done, total, perSecond, best, error, memo }: Shown): string {
  const count = (value: number): string => Math.round(value).toLocaleString('en-US');
  const share = total > 0 ? ` of ${count(total)} (${Math.floor((done / total) * 100)} %)` : '';
  const api = memo?.[MEMO.api];
  const sweep = typeof api === 'string' ? `${api}${runPathOf(input.sweepId, 'sweep')}` : null;
  return [
    `**${title.charAt(0).toUpperCase()}${title.slice(1)}**: ${input.name}`,
    `Trials ${count(done)}${share}${perSecond > 0 ? `, ${count(perSecond)} a second` : ''}`,
    ...(best ? [`Best so far: trial ${best.trial}, objective ${best.objective}`] : []),
    ...(error ? [`Failed with \`${error.code}\`: ${error.message}`] : []),
    ...(sweep ? [`[Sweep](${sweep}) · [Trials](${sweep}/trials)`] : []),
  ].join('\n\n');
}
