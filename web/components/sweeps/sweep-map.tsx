'use client';
import { useMemo } from 'react';
import { METRICS } from '#shared/metric-list.ts';
import type { MetricInfo } from '#shared/metric-info.ts';
import type { Sweep } from '#shared/sweep.ts';
import { ValueMap, type Place } from '@/components/charts/value-map.tsx';
import { EmptyState, ProblemView } from '@/components/problem.tsx';
import { Skeleton } from '@/components/skeleton.tsx';
import { formatCount } from '@/lib/format.ts';
import { useAddress } from '@/lib/use-address.ts';
import { useApi } from '@/lib/use-api.ts';
import { figuresOf, formatFigure, formatParam, isMetric, LOOK_MS, objectiveTitle } from './trial-words.ts';

interface Side {
  param: string;
  values: (number | string)[];
  isRange: boolean;
}
interface MapData {
  x: Side;
  y: Side;
  mean: (number | null)[][];
  best: (number | null)[][];
  trials: number[][];
}

/** A figure by two parameters, over all the others. */
export function SweepMap({ sweep, ended }: { sweep: Sweep; ended: boolean }) {
  const { query, change } = useAddress();
  const params = Object.keys(sweep.spec.space);
  const x = query.get('x') ?? params[0]!;
  const y = query.get('y') ?? params.find((name) => name !== x) ?? x;
  const metric = query.get('metric') ?? 'objective';
  const shows = query.get('shows') === 'mean' ? 'mean' : 'best';
  const enough = params.length > 1;
  const path = `/v1/sweeps/${sweep.id}/heatmap?${new URLSearchParams({ x, y, metric }).toString()}`;
  const { data, error, mutate } = useApi<MapData>(enough ? path : null, { refreshInterval: ended ? 0 : LOOK_MS, keepPreviousData: true });
  if (!enough)
    return (
      <EmptyState title="One parameter needs no map">
        A heatmap shows two parameters; this sweep varies {params[0]} only. The table can be sorted by it.
      </EmptyState>
    );
  const choose = (name: string, label: string, value: string, words: Readonly<Record<string, string>>) => (
    <label className="flex items-center gap-2">
      <span className="text-muted">{label}</span>
      <select className="field w-auto" value={value} onChange={(event) => change({ [name]: event.target.value })}>
        {Object.entries(words).map(([key, text]) => (
          <option key={key} value={key}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
  const named = Object.fromEntries(params.map((name) => [name, name]));
  const metrics = Object.fromEntries(figuresOf(sweep.spec).map((name) => [name, METRICS[name].title]));
  return (
    <>
      <div className="mb-3 flex flex-wrap gap-x-4 gap-y-2">
        {choose('x', 'Across', x, named)}
        {choose('y', 'Up', y, named)}
        {choose('metric', 'Figure', metric, { objective: `Objective: ${objectiveTitle(sweep.spec.objective)}`, ...metrics })}
        {choose('shows', 'Of each cell', shows, { best: 'the best trial', mean: 'the mean of its trials' })}
      </div>
      {error ? (
        <ProblemView error={error} retry={() => void mutate()} />
      ) : data === undefined ? (
        <Skeleton className="h-[480px] w-full" label="The map is loading" />
      ) : (
        <ShownMap sweep={sweep} data={data} metric={metric} shows={shows} cell={query.get('cell')} change={change} />
      )}
    </>
  );
}

interface Shown {
  sweep: Sweep;
  data: MapData;
  metric: string;
  shows: 'best' | 'mean';
  /** `column-row`, where someone has chosen one. */
  cell: string | null;
  change: (changes: Record<string, string>) => void;
}

function ShownMap({ sweep: { spec }, data, metric, shows, cell, change }: Shown) {
  const unit = metric === 'objective' ? spec.objective.metric : metric;
  const lowIsGood = metric === 'objective' ? spec.objective.direction === 'min' : isMetric(metric) && isLowerBetter(METRICS[metric]);
  const values = data[shows];
  const best = useMemo(() => bestOf(values, lowIsGood), [values, lowIsGood]);
  const chosen = placeIn(cell, data) ?? best;
  const texts = useMemo(() => ({ x: textsOf(data.x), y: textsOf(data.y) }), [data]);
  const describe = ({ row, column }: Place): string => {
    const where = `${data.x.param} ${texts.x[column]}, ${data.y.param} ${texts.y[row]}`;
    const count = data.trials[row]?.[column] ?? 0;
    if (count === 0) return `${where}: not tried`;
    const value = (of: 'best' | 'mean'): string => formatFigure(data[of][row]?.[column], unit);
    return count === 1
      ? `${where}: ${value('best')}`
      : `${where}: best ${value('best')}, mean ${value('mean')} of ${formatCount(count)} trials`;
  };
  return (
    <>
      <ValueMap
        label={`${metric === 'objective' ? objectiveTitle(spec.objective) : unit} by ${data.x.param} and ${data.y.param}`}
        columns={texts.x}
        rows={texts.y}
        columnTitle={data.x.param}
        rowTitle={data.y.param}
        values={values}
        format={(value) => formatFigure(value, unit)}
        chosen={chosen}
        onChoose={({ row, column }) => change({ cell: `${column}-${row}` })}
        describe={describe}
        lowIsGood={lowIsGood}
      />
      {chosen && (
        <p className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1">
          <span>
            <span className="text-muted">{placeIn(cell, data) ? 'Chosen: ' : 'Best cell: '}</span>
            {describe(chosen)}
          </span>
          <button
            type="button"
            className="button"
            onClick={() =>
              change({ tab: 'trials', filter: [conditionOf(data.x, chosen.column), conditionOf(data.y, chosen.row)].join(' && ') })
            }
          >
            Its trials
          </button>
        </p>
      )}
    </>
  );
}

const isLowerBetter = ({ better }: MetricInfo): boolean => better === 'lower';

function textsOf({ values, isRange }: Side): string[] {
  return values.map((value, index) => {
    const next = values[index + 1];
    return isRange && next !== undefined
      ? `${formatParam(value)}–${formatParam(next)}`
      : isRange
        ? `from ${formatParam(value)}`
        : formatParam(value);
  });
}

/** The condition by which the table shows the trials of a row or column. */
function conditionOf({ param, values, isRange }: Side, index: number): string {
  const value = values[index]!;
  if (!isRange) return `${param} == ${typeof value === 'string' ? `'${value}'` : value}`;
  const next = values[index + 1];
  return next === undefined ? `${param} >= ${value}` : `${param} >= ${value} && ${param} < ${next}`;
}

function placeIn(cell: string | null, { x, y }: MapData): Place | null {
  const [column = -1, row = -1] = cell?.split('-').map(Number) ?? [];
  return x.values[column] === undefined || y.values[row] === undefined ? null : { column, row };
}

function bestOf(values: readonly (readonly (number | null)[])[], lowIsGood: boolean): Place | null {
  let [best, place]: [number, Place | null] = [lowIsGood ? Infinity : -Infinity, null];
  values.forEach((line, row) =>
    line.forEach((value, column) => {
      if (value !== null && (lowIsGood ? value < best : value > best)) [best, place] = [value, { row, column }];
    }),
  );
  return place;
}
