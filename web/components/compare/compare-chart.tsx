'use client';
import type { IChartApi } from 'lightweight-charts';
import { useMemo, useRef, useState } from 'react';
import { PictureButton } from '@/components/charts/picture-button.tsx';
import { TimeChart, type ChartSeries } from '@/components/charts/time-chart.tsx';
import { equalWeight, type CommonGrowth } from '@/lib/compare-curves.ts';
import { formatBarTime, formatChange } from '@/lib/format.ts';
import { Letter, letterOf, RUN_TONES } from './run-colours.tsx';

const ratio = (value: number): string => formatChange(value - 1);
const PANES = [1];

/** Curves over each other, all from one; in grey what the same money in each would have become. */
export function CompareChart({
  growth: { days, growth },
  names,
  height,
}: {
  growth: CommonGrowth;
  names: readonly string[];
  height: number;
}) {
  const [log, setLog] = useState(false);
  const chart = useRef<IChartApi | null>(null);
  const [at, setAt] = useState<{ time: number; values: ReadonlyMap<string, number> } | null>(null);
  const together = useMemo(() => equalWeight(growth), [growth]);
  const series = useMemo<ChartSeries[]>(() => {
    const line = (key: string, title: string, tone: string, values: Float64Array): ChartSeries => ({
      key,
      title,
      tone,
      kind: 'line',
      pane: 0,
      data: { times: days, values },
      format: ratio,
    });
    const runs = growth.map((values, index) => line(letterOf(index), names[index]!, RUN_TONES[index]!, values));
    return growth.length < 2 ? runs : [line('all', 'Benchmark', 'grey-line', together), ...runs];
  }, [days, growth, names, together]);
  return (
    <>
      <div className="mb-1 flex min-h-6 flex-wrap items-center gap-x-4">
        <span className="text-muted">{at === null ? 'At the end' : formatBarTime(at.time, true)}</span>
        {growth.map((values, index) => (
          <span key={letterOf(index)} className="inline-flex gap-1.5">
            <Letter index={index} /> {ratio(at?.values.get(letterOf(index)) ?? values.at(-1)!)}
          </span>
        ))}
        {growth.length > 1 && (
          <span className="inline-flex items-center gap-1.5 text-muted">
            <span aria-hidden="true" className="h-0.5 w-3 bg-(--grey-line)" /> in equal parts{' '}
            {ratio(at?.values.get('all') ?? together.at(-1)!)}
          </span>
        )}
        <span className="flex-1" />
        <label className="inline-flex items-center gap-1.5">
          <input type="checkbox" checked={log} onChange={(event) => setLog(event.target.checked)} /> Logarithmic
        </label>
        <PictureButton
          title={names.join(', ')}
          curves={series.map(({ key, title, tone }) => ({ text: key === 'all' ? 'in equal parts' : `${key} ${title}`, tone }))}
          picture={() => chart.current?.takeScreenshot() ?? null}
        />
      </div>
      <TimeChart
        label={`Growth of ${names.join(', ')}`}
        series={series}
        panes={PANES}
        height={height}
        log={log}
        chart={chart}
        onPoint={setAt}
      />
    </>
  );
}
