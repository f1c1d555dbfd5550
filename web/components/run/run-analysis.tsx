'use client';
import { useMemo } from 'react';
import type { AnalysisTables, PeriodReturn } from '#shared/tables.ts';
import { Heatmap, type HeatCell } from '@/components/charts/heatmap.tsx';
import { Histogram } from '@/components/charts/histogram.tsx';
import { TimeChart, type ChartSeries } from '@/components/charts/time-chart.tsx';
import { Change } from '@/components/figure.tsx';
import { ProblemView } from '@/components/problem.tsx';
import { Skeleton } from '@/components/skeleton.tsx';
import { formatChange, formatDay, formatPercent, formatRatio } from '@/lib/format.ts';
import { useApi } from '@/lib/use-api.ts';

const MONTHS = Array.from({ length: 12 }, (_, month) =>
  new Intl.DateTimeFormat(undefined, { month: 'short', timeZone: 'UTC' }).format(Date.UTC(2024, month, 1)),
);
const LOWER_HEIGHT = 220;
const ONE_PANE = [1];
const SHOWN_FALLS = 8;

/** What a finished run looked like by months, by days and by falls. */
export function RunAnalysis({ id }: { id: string }) {
  const { data, error, mutate } = useApi<AnalysisTables>(`/v1/backtests/${id}/tables`, { revalidateOnFocus: false });
  if (error) return <ProblemView error={error} retry={() => void mutate()} />;
  if (data === undefined) return <Skeleton className="h-96 w-full" label="The analysis is loading" />;
  return (
    <div className="grid grid-cols-1 gap-x-8 gap-y-6 xl:grid-cols-2">
      <section className="xl:col-span-2">
        <h2 className="mb-2">Returns by month</h2>
        <MonthlyReturns months={data.monthlyReturns} years={data.yearlyReturns} />
      </section>
      <section>
        <h2 className="mb-2">Daily returns</h2>
        <Histogram
          edges={data.returnHistogram.edges}
          counts={data.returnHistogram.counts}
          height={LOWER_HEIGHT}
          label="Distribution of daily returns"
          format={formatPercent}
        />
      </section>
      <section>
        <h2 className="mb-2">Sharpe ratio of the last {data.rollingSharpe.window} days</h2>
        <RollingSharpe rolling={data.rollingSharpe} />
      </section>
      <section className="xl:col-span-2">
        <h2 className="mb-2">Deepest falls</h2>
        <Falls falls={data.drawdowns.slice(0, SHOWN_FALLS)} />
      </section>
    </div>
  );
}

function MonthlyReturns({ months, years }: { months: readonly PeriodReturn[]; years: readonly PeriodReturn[] }) {
  const byPeriod = new Map(months.map((month) => [month.period, month]));
  const cellOf = (name: string, found: PeriodReturn | undefined): HeatCell | null =>
    found === undefined
      ? null
      : {
          value: found.return,
          label: `${name}: ${formatChange(found.return)}${found.benchmark === null ? '' : `, benchmark ${formatChange(found.benchmark)}`}`,
          text: found.return === null ? '' : (found.return * 100).toFixed(1).replace('-', '−'),
        };
  const rows = years.map(({ period }) => period);
  const cells = years.map((year) => [
    ...MONTHS.map((name, month) => cellOf(`${name} ${year.period}`, byPeriod.get(`${year.period}-${String(month + 1).padStart(2, '0')}`))),
    cellOf(year.period, year),
  ]);
  return <Heatmap label="Returns by month, in percent" rows={rows} columns={[...MONTHS, 'Year']} cells={cells} scale="around-zero" />;
}

function RollingSharpe({ rolling: { date, sharpe } }: { rolling: AnalysisTables['rollingSharpe'] }) {
  const series = useMemo((): ChartSeries[] => {
    const data = { times: date.map((day) => Date.parse(day)), values: sharpe.map((value) => value ?? NaN) };
    return [{ key: 'sharpe', title: 'Sharpe ratio', kind: 'line', tone: 'accent', pane: 0, data, format: formatRatio }];
  }, [date, sharpe]);
  if (date.length === 0) return <p className="text-muted">There are too few days for a window.</p>;
  return <TimeChart label="Rolling Sharpe ratio" series={series} panes={ONE_PANE} height={LOWER_HEIGHT} />;
}

function Falls({ falls }: { falls: AnalysisTables['drawdowns'] }) {
  if (falls.length === 0) return <p className="text-muted">The equity never fell below an earlier peak.</p>;
  return (
    <div className="overflow-x-auto">
      <table className="w-full min-w-[560px]">
        <thead className="text-xs text-muted">
          <tr className="h-8 border-b border-line">
            <th className="number px-2 font-medium">Depth</th>
            <th className="px-2 text-left font-medium">Peak</th>
            <th className="px-2 text-left font-medium">Lowest</th>
            <th className="px-2 text-left font-medium">Recovered</th>
            <th className="number px-2 font-medium">Days</th>
          </tr>
        </thead>
        <tbody>
          {falls.map(({ start, trough, recovery, depth, days }) => (
            <tr key={start} className="h-8 border-b border-line">
              <td className="number px-2">
                <Change value={depth} />
              </td>
              <td className="px-2">{formatDay(start)}</td>
              <td className="px-2">{formatDay(trough)}</td>
              <td className="px-2">{recovery === null ? 'not yet' : formatDay(recovery)}</td>
              <td className="number px-2">{Math.round(days)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
