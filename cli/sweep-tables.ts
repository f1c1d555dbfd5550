import { figureText } from '../shared/figure-text.ts';
import { METRICS, type MetricName } from '../shared/metrics.ts';
import type { Sweep, SweepResult, SweepSummary, Trial } from '../shared/sweep.ts';
import { drawn, plainTable } from './tables.ts';

/** Figures that every trial has, in the order in which they are shown. */
const SHOWN: readonly MetricName[] = ['totalReturn', 'sharpe', 'maxDrawdown', 'trades'];

/** One line a sweep, newest first as the service lists them. */
export function sweepsTable(sweeps: readonly SweepSummary[]): string {
  const table = plainTable(['left', 'left', 'right', 'left', 'left', 'left'], {
    head: ['id', 'status', 'trials', 'strategy', 'name', 'created'],
  });
  for (const { id, status, progress, strategy, name, createdAt } of sweeps) {
    const trials = `${progress.done.toLocaleString('en')} of ${progress.total.toLocaleString('en')}`;
    table.push([id, status, trials, strategy, name, createdAt.slice(0, 19).replace('T', ' ')]);
  }
  return drawn(table);
}

/** What a sweep is, and how far. */
export function sweepTable({ id, name, status, requested, progress, spec, error, links }: Sweep): string {
  const rows: [string, string | null][] = [
    ['id', id],
    ['name', name],
    ['status', status],
    ['requested', requested],
    ['trials', `${progress.done.toLocaleString('en')} of ${progress.total.toLocaleString('en')}`],
    ['search', spec.search.kind],
    ['objective', `${spec.objective.direction} ${spec.objective.metric}`],
    ['priority', String(spec.priority)],
    ['error', error && `${error.message} (${error.code})`],
    ['Temporal Web', links.temporal],
  ];
  const table = plainTable(['left', 'left']);
  for (const [label, value] of rows) if (value !== null) table.push([label, value]);
  return drawn(table);
}

/** One line a trial. */
export function trialsTable(trials: readonly Trial[]): string {
  const [first] = trials;
  if (first === undefined) return 'There is no trial yet.';
  const params = Object.keys(first.params);
  const figures = SHOWN.filter((name) => first.metrics[name] !== undefined);
  const head = ['rank', 'trial', ...params, 'objective', 'robust', ...figures];
  const table = plainTable(
    head.map(() => 'right'),
    { head },
  );
  for (const trial of trials) {
    const shown = figures.map((name) => figureText(trial.metrics[name] ?? null, METRICS[name].unit));
    const values = params.map((name) => String(trial.params[name]));
    table.push([
      String(trial.rank),
      String(trial.trial),
      ...values,
      figureText(trial.objective, 'ratio'),
      figureText(trial.robust, 'ratio'),
      ...shown,
    ]);
  }
  return drawn(table);
}

export function sweepResultText({ trials, cached, partial, endReason, top, manifest }: SweepResult): string {
  const done = `${trials.toLocaleString('en')} trials, ${cached.toLocaleString('en')} of them known before`;
  const seconds = `${manifest.cpuSeconds.toFixed(1)} s of computing`;
  return [`${partial ? `Partial result (${endReason}): ` : ''}${done}; ${seconds}`, '', trialsTable(top)].join('\n');
}
