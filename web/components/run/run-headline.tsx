import { METRICS, type MetricName } from '#shared/metric-list.ts';
import type { Metrics } from '#shared/metrics.ts';
import { Change } from '@/components/figure.tsx';
import { formatMetric } from '@/lib/format.ts';
import { MetricHint } from './metric-hint.tsx';

const HEADLINE: readonly MetricName[] = [
  'totalReturn',
  'cagr',
  'maxDrawdown',
  'sharpe',
  'sortino',
  'volatility',
  'trades',
  'winRate',
  'profitFactor',
];
const CHANGES = new Set<MetricName>(['totalReturn', 'cagr', 'maxDrawdown']);

/** The figures that are looked at first; their places are kept while the run goes on. */
export function RunHeadline({ metrics, ended, partial }: { metrics: Metrics | null; ended: boolean; partial: boolean }) {
  return (
    <section aria-label="Figures" className="mb-3">
      <dl className="grid grid-cols-2 gap-x-4 gap-y-2 border-y border-line py-2 sm:grid-cols-3 lg:grid-cols-5 2xl:grid-cols-9">
        {HEADLINE.map((name) => (
          <div key={name} className="min-w-0">
            <dt className="truncate text-xs text-muted">
              <MetricHint name={name} />
            </dt>
            <dd className="text-[15px] font-semibold">
              {CHANGES.has(name) ? <Change value={metrics?.[name]} /> : formatMetric(metrics?.[name], METRICS[name])}
            </dd>
          </div>
        ))}
      </dl>
      {!ended && <p className="mt-1 text-xs text-muted">Figures come when the run has ended.</p>}
      {partial && <p className="mt-1 text-xs text-warn">Partial: of what was computed before the run was stopped.</p>}
    </section>
  );
}
