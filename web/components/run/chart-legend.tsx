import type { ChartSeries } from '@/components/charts/time-chart.tsx';
import { formatPrice } from '@/lib/format.ts';

/** What each curve is, and its value where the crosshair is. */
export function ChartLegend({
  series,
  point,
  time,
}: {
  series: readonly ChartSeries[];
  point: { values: ReadonlyMap<string, number> } | null;
  time: string | null;
}) {
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-0.5 text-xs" aria-label="Curves">
      {series.map(({ key, title, tone, kind, format = formatPrice }) => (
        <li key={key} className="flex items-center gap-1.5">
          <span
            aria-hidden="true"
            className="inline-block h-0.5 w-3"
            style={{ background: `var(--${kind === 'candles' ? 'gain' : tone})` }}
          />
          {title}
          <span className="min-w-14 font-medium">{point?.values.has(key) ? format(point.values.get(key)!) : ''}</span>
        </li>
      ))}
      <li className="text-muted">{time ?? ''}</li>
    </ul>
  );
}
