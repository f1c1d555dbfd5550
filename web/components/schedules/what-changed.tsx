'use client';
import { METRICS, type MetricName } from '#shared/metric-list.ts';
import type { MetricInfo } from '#shared/metric-info.ts';
import type { Night, NightComparison } from '#shared/schedule.ts';
import { Profit } from '@/components/figure.tsx';
import { Link } from '@/components/link.tsx';
import { MetricHint } from '@/components/run/metric-hint.tsx';
import { formatCount, formatMetric, formatMinute, formatMoment } from '@/lib/format.ts';
import { NewRanks } from './new-ranks.tsx';
import { pages } from '@/lib/pages.ts';

/** What is new in the latest night. */
export function WhatChanged({ night: { comparison, kind, nominalTime, run } }: { night: Night }) {
  const { before, metrics, trades, ranking } = comparison!;
  const changed = Object.entries(metrics) as [MetricName, { before: number | null; after: number | null }][];
  return (
    <section aria-labelledby="changed-title">
      <h2 id="changed-title" className="mb-1">
        What changed in the night of {formatMoment(nominalTime)}
      </h2>
      {before === null ? (
        <p className="text-muted">This is the first night: there is none to compare it with.</p>
      ) : changed.length === 0 && trades !== null && trades.opened + trades.closed === 0 ? (
        <p>
          Nothing since{' '}
          <Link className="link" href={pages.night(kind, before.run)}>
            the night of {formatMoment(before.nominalTime)}
          </Link>
          : the figures are the same, and there is no new trade.
        </p>
      ) : (
        <div className="grid gap-x-8 gap-y-3 xl:grid-cols-2">
          <ChangedFigures changed={changed} />
          {trades !== null && <NewTrades trades={trades} />}
          {ranking !== null && <NewRanks ranking={ranking} />}
        </div>
      )}
      {kind === 'backtest' && before !== null && run !== null && (
        <p className="mt-1">
          <Link className="link" href={pages.compare([before.run, run])}>
            Compare the two nights
          </Link>
        </p>
      )}
    </section>
  );
}

function ChangedFigures({ changed }: { changed: readonly [MetricName, { before: number | null; after: number | null }][] }) {
  if (changed.length === 0) return <p className="text-muted">The figures are the same.</p>;
  return (
    <table className="w-full">
      <thead>
        <tr className="h-7 text-xs text-muted">
          <th scope="col" className="text-left font-medium">
            Figure
          </th>
          <th scope="col" className="number font-medium">
            Night before
          </th>
          <th scope="col" className="number font-medium">
            This night
          </th>
        </tr>
      </thead>
      <tbody>
        {changed.slice(0, 12).map(([name, { before, after }]) => {
          const info: MetricInfo = METRICS[name];
          return (
            <tr key={name} className="h-7 border-t border-line">
              <th scope="row" className="text-left font-normal">
                <MetricHint name={name} />
              </th>
              <td className="number text-muted">{formatMetric(before, info)}</td>
              <td className="number">
                {before !== null && after !== null && <span aria-hidden="true">{after > before ? '▲ ' : '▼ '}</span>}
                {formatMetric(after, info)}
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function NewTrades({ trades: { opened, closed, latest } }: { trades: NonNullable<NightComparison['trades']> }) {
  return (
    <div>
      <p className="mb-1">
        {formatCount(opened)} opened, {formatCount(closed)} closed on the new bars
      </p>
      <ul>
        {latest.slice(-8).map(({ symbol, side, entryTime, exitTime, pnl }) => (
          <li key={`${symbol} ${entryTime}`} className="flex h-7 items-center justify-between gap-3 border-t border-line">
            <span>
              {symbol} {side}, in {formatMinute(entryTime)}
              {exitTime === null ? ', open' : `, out ${formatMinute(exitTime)}`}
            </span>
            <Profit value={pnl} />
          </li>
        ))}
      </ul>
    </div>
  );
}
