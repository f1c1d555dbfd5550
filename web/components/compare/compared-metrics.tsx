'use client';
import { METRICS, type MetricName } from '#shared/metric-list.ts';
import type { MetricInfo } from '#shared/metric-info.ts';
import type { Run } from '#shared/run.ts';
import { MetricHint } from '@/components/run/metric-hint.tsx';
import { formatMetric } from '@/lib/format.ts';
import { Letter } from './run-colours.tsx';

/** Every figure of every run; the best of each line is marked. */
export function ComparedMetrics({ runs }: { runs: readonly Run[] }) {
  const names = (Object.keys(METRICS) as MetricName[]).filter((name) =>
    runs.some(({ metrics }) => metrics?.[name] !== null && metrics?.[name] !== undefined),
  );
  return (
    <section aria-labelledby="metrics-title">
      <h2 id="metrics-title" className="mb-1">
        Figures
      </h2>
      {names.length === 0 ? (
        <p className="text-muted">They come when a run ends.</p>
      ) : (
        // A table that is wider than a phone is scrolled by itself.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        <div className="overflow-x-auto" tabIndex={0} role="region" aria-labelledby="metrics-title">
          <table className="w-full">
            <thead>
              <tr className="h-8 text-xs text-muted">
                <th scope="col" className="text-left font-medium">
                  Figure
                </th>
                {runs.map(({ id, name }, index) => (
                  <th key={id} scope="col" className="number px-2 font-medium" title={name}>
                    <Letter index={index} />
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {names.map((name) => (
                <Line key={name} name={name} values={runs.map(({ metrics }) => metrics?.[name] ?? null)} />
              ))}
            </tbody>
          </table>
        </div>
      )}
      <p className="mt-1 text-xs text-muted">★ best of the line, where one direction is good</p>
    </section>
  );
}

function Line({ name, values }: { name: MetricName; values: readonly (number | null)[] }) {
  const info: MetricInfo = METRICS[name];
  const best = bestOf(values, info.better);
  return (
    <tr className="h-7 border-t border-line">
      <th scope="row" className="text-left font-normal whitespace-nowrap">
        <MetricHint name={name} />
      </th>
      {values.map((value, index) => (
        // A run is its place.
        // oxlint-disable-next-line react/no-array-index-key
        <td key={index} className={`number px-2 ${value !== null && value === best ? 'font-semibold' : ''}`}>
          {value !== null && value === best && (
            <>
              <span aria-hidden="true">★ </span>
              <span className="sr-only">best: </span>
            </>
          )}
          {formatMetric(value, info)}
        </td>
      ))}
    </tr>
  );
}

/** Null where all are the same, or there is no good direction. */
function bestOf(values: readonly (number | null)[], better: MetricInfo['better']): number | null {
  const known = values.filter((value) => value !== null);
  if (better === null || known.length < 2 || known.every((value) => value === known[0])) return null;
  return better === 'higher' ? Math.max(...known) : Math.min(...known);
}
