import type { Metrics } from '../shared/metrics.ts';
import type { RunError } from '../shared/run.ts';
import type { BacktestSpec } from '../shared/spec.ts';

interface Shown {
  bar: number;
  total: number;
  metrics?: Metrics | null;
  error?: RunError | null;
}

/** What Temporal Web shows as the current details of a run, in Markdown. */
export function detailsOf(title: string, spec: BacktestSpec, { bar, total, metrics, error }: Shown): string {
  const lines = [
    `**${title}**: \`${spec.strategy.name}\` on ${spec.data.symbols.join(', ')} ${spec.data.timeframe}`,
    '',
    `Bars ${bar.toLocaleString('en-US')} of ${total > 0 ? total.toLocaleString('en-US') : '?'}`,
  ];
  if (error) lines.push('', `Failed with \`${error.code}\`: ${error.message}`);
  if (metrics) lines.push('', '| metric | value |', '| --- | ---: |', ...headline(metrics));
  return lines.join('\n');
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
