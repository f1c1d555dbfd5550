import { MEMO, runPathOf } from '../shared/names.ts';
import type { Metrics } from '../shared/metrics.ts';
import type { RunError } from '../shared/run.ts';
import type { BacktestSpec } from '../shared/spec.ts';

interface Shown {
  runId: string;
  spec: BacktestSpec;
  bar: number;
  total: number;
  /** Bars a second of the last slice; 0 when unknown. */
  perSecond: number;
  metrics?: Metrics | null;
  error?: RunError | null;
  memo: Record<string, unknown> | undefined;
}

/** What Temporal Web shows as the current details of a run, in Markdown. */
export function detailsOf(title: string, shown: Shown): string {
  const { spec, metrics, error } = shown;
  const lines = [
    `**${title.charAt(0).toUpperCase()}${title.slice(1)}**: \`${spec.strategy.name}\` on ${spec.data.symbols.slice(0, 20).join(', ')}${spec.data.symbols.length > 20 ? ', …' : ''} ${spec.data.timeframe}`,
    '',
    progressLine(shown),
  ];
  if (error) lines.push('', `Failed with \`${error.code}\`: ${error.message}`);
  if (metrics) lines.push('', '| metric | value |', '| --- | ---: |', ...headline(metrics));
  return [...lines, ...linksOf(shown)].join('\n');
}

function progressLine({ bar, total, perSecond }: Shown): string {
  const count = (value: number): string => Math.round(value).toLocaleString('en-US');
  const share = total > 0 ? ` of ${count(total)} (${Math.floor((bar / total) * 100)} %)` : '';
  return `Bars ${count(bar)}${share}${perSecond > 0 ? `, ${count(perSecond)} a second` : ''}`;
}

/** Empty for a run that was started before its service knew its own address. */
function linksOf({ runId, memo, metrics }: Shown): string[] {
  const api = memo?.[MEMO.api];
  if (typeof api !== 'string') return [];
  const run = `${api}${runPathOf(runId)}`;
  return ['', `[Run](${run})${metrics ? ` · [Result](${run}/result) · [Tear sheet](${run}/report)` : ''}`];
}

function headline(metrics: Metrics): string[] {
  const percent = (value: number | null): string => (value === null ? '–' : `${(value * 100).toFixed(2)} %`);
  const plain = (value: number | null): string => (value === null ? '–' : value.toFixed(2));
  return [
    `| total return | ${percent(metrics.totalReturn)} |`,
    `| Sharpe ratio | ${plain(metrics.sharpe)} |`,
    `| maximum drawdown | ${percent(metrics.maxDrawdown)} |`,
    `| trades | ${metrics.trades} |`,
  ];
}
