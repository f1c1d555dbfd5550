import { METRICS, type MetricName } from '#shared/metric-list.ts';
import type { Metrics } from '#shared/metrics.ts';
import { EmptyState } from '@/components/problem.tsx';
import { formatMetric } from '@/lib/format.ts';
import { MetricHint } from './metric-hint.tsx';

/** Every figure. */
export function RunMetrics({ metrics, ended }: { metrics: Metrics | null; ended: boolean }) {
  if (metrics === null)
    return (
      <EmptyState title="No figures yet">
        {ended ? 'The run ended before there was anything to measure.' : 'They come when the run has ended.'}
      </EmptyState>
    );
  return (
    <dl className="grid grid-cols-1 gap-x-10 sm:grid-cols-2 lg:grid-cols-3 2xl:grid-cols-4">
      {(Object.keys(METRICS) as MetricName[]).map((name) => (
        <div key={name} className="flex h-8 items-center justify-between gap-4 border-b border-line">
          <dt className="min-w-0 truncate">
            <MetricHint name={name} />
          </dt>
          <dd className="number font-medium">
            {formatMetric(metrics[name], METRICS[name])}
            {METRICS[name].unit === 'days' && metrics[name] !== null && <span className="text-muted"> days</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
