'use client';
import { useMemo } from 'react';
import { METRICS } from '#shared/metric-list.ts';
import type { Sweep, Trial } from '#shared/sweep.ts';
import { ParallelLines, type Axis } from '@/components/charts/parallel-lines.tsx';
import { EmptyState, ProblemView } from '@/components/problem.tsx';
import { Skeleton } from '@/components/skeleton.tsx';
import { formatCount } from '@/lib/format.ts';
import { useAddress } from '@/lib/use-address.ts';
import { useApi } from '@/lib/use-api.ts';
import { FilterLine } from './filter-line.tsx';
import { figuresOf, formatFigure, formatParam, LOOK_MS, objectiveTitle, paramsText } from './trial-words.ts';

/** More lines than this are a blot. */
const MOST = 1_000;
/** So many figures beside the objective. */
const FIGURES = 3;

/** One quantity of the trials on an axis. */
interface Scale {
  column: string;
  title: string;
  valueOf: (trial: Trial) => number | string | null | undefined;
  format: (value: number) => string;
  low: number;
  high: number;
  /** Of what is no number: the values, by their place. */
  words: readonly string[] | null;
}

/** The best trials as lines across all parameters and some figures: what the good ones have in common. The condition is that of the table. */
export function SweepParallel({ sweep, ended }: { sweep: Sweep; ended: boolean }) {
  const { query, change } = useAddress();
  const filter = query.get('filter') ?? '';
  const given = new URLSearchParams({ limit: String(MOST), sort: 'rank', ...(filter !== '' && { filter }) });
  const { data, error, mutate } = useApi<{ items: Trial[]; total: number }>(`/v1/sweeps/${sweep.id}/trials?${given.toString()}`, {
    refreshInterval: ended ? 0 : LOOK_MS,
    keepPreviousData: true,
  });
  const line = (
    <FilterLine
      key={filter}
      filter={filter}
      example={`trades > 30 && ${Object.keys(sweep.spec.space)[0]} > 10`}
      total={data?.total}
      onFilter={(next) => change({ filter: next })}
    />
  );
  const add = (condition: string): void => change({ filter: filter === '' ? condition : `(${filter}) && ${condition}` });
  return (
    <>
      {line}
      {error ? (
        <ProblemView error={error} retry={() => void mutate()} />
      ) : data === undefined ? (
        <Skeleton className="h-[460px] w-full" label="The trials are loading" />
      ) : data.items.length === 0 ? (
        <EmptyState title="No trial to draw">
          {filter === '' ? 'They appear as workers finish them.' : 'Take a part of the condition back.'}
        </EmptyState>
      ) : (
        <Lines sweep={sweep} trials={data.items} total={data.total} onCondition={add} />
      )}
    </>
  );
}

interface LinesProps {
  sweep: Sweep;
  trials: readonly Trial[];
  total: number;
  onCondition: (condition: string) => void;
}

function Lines({ sweep: { spec }, trials, total, onCondition }: LinesProps) {
  const scales = useMemo(() => scalesOf(spec, trials), [spec, trials]);
  const drawn = useMemo(() => {
    const objective = scales.find(({ column }) => column === 'objective')!;
    const axes = scales.map(({ title, low, high, format, words }): Axis => ({
      name: title,
      low: words?.[0] ?? format(low),
      high: words?.at(-1) ?? format(high),
    }));
    const lines = trials.map((trial) => scales.map((scale) => shareOf(scale, trial)));
    const goodness = trials.map((trial) => {
      const share = shareOf(objective, trial);
      return Number.isNaN(share) ? 0 : spec.objective.direction === 'min' ? 1 - share : share;
    });
    return { axes, lines, goodness };
  }, [scales, trials, spec.objective.direction]);
  const onRange = (axis: number, low: number, high: number): void => {
    const scale = scales[axis]!;
    if (scale.words !== null) return;
    const [from, to] = [low, high].map((share) => Number((scale.low + share * (scale.high - scale.low)).toPrecision(4)));
    onCondition(`${scale.column} >= ${from} && ${scale.column} <= ${to}`);
  };
  return (
    <>
      <p className="mb-2 text-xs text-muted">
        {trials.length < total ? `The best ${formatCount(trials.length)} are drawn. ` : ''}Light lines are the good ones. Drag along an axis
        to see only that part of it.
      </p>
      <ParallelLines
        label={`Trials by ${scales.map(({ title }) => title).join(', ')}`}
        {...drawn}
        describe={(index) => describe(trials[index]!, spec.objective.metric)}
        onRange={onRange}
      />
    </>
  );
}

const describe = ({ rank, params, objective }: Trial, metric: string): string =>
  `Rank ${formatCount(rank)}: ${paramsText(params)}, ${formatFigure(objective, metric)}`;

function scalesOf(spec: Sweep['spec'], trials: readonly Trial[]): Scale[] {
  const { metric } = spec.objective;
  const scale = (column: string, title: string, valueOf: Scale['valueOf'], format: Scale['format']): Scale => {
    const values = trials.map(valueOf);
    const words = values.some((value) => typeof value === 'string') ? [...new Set(values.map(String))].toSorted() : null;
    const numbers = words === null ? values.filter((value) => typeof value === 'number') : words.map((_, index) => index);
    return { column, title, valueOf, format, words, low: Math.min(...numbers), high: Math.max(...numbers) };
  };
  const figures = figuresOf(spec).filter((name) => name !== metric);
  return [
    ...Object.keys(spec.space).map((name) => scale(name, name, ({ params }) => params[name], formatParam)),
    ...figures.slice(0, FIGURES).map((name) =>
      scale(
        name,
        METRICS[name].title,
        ({ metrics }) => metrics[name],
        (value) => formatFigure(value, name),
      ),
    ),
    scale(
      'objective',
      objectiveTitle(spec.objective),
      ({ objective }) => objective,
      (value) => formatFigure(value, metric),
    ),
  ];
}

/** Where a trial crosses an axis; NaN where it has no such value. */
function shareOf({ valueOf, words, low, high }: Scale, trial: Trial): number {
  const value = valueOf(trial);
  const number = words === null ? value : words.indexOf(String(value));
  if (typeof number !== 'number') return NaN;
  return high === low ? 0.5 : (number - low) / (high - low);
}
