'use client';
import dynamic from 'next/dynamic';
import { useMemo } from 'react';
import { Icon } from '@/components/icon.tsx';
import { Link } from '@/components/link.tsx';
import { ProblemView } from '@/components/problem.tsx';
import { Skeleton } from '@/components/skeleton.tsx';
import { Status } from '@/components/status.tsx';
import { commonGrowth } from '@/lib/compare-curves.ts';
import { formatBarTime } from '@/lib/format.ts';
import { pages } from '@/lib/pages.ts';
import { persistently } from '@/lib/persistently.ts';
import { ComparedMetrics } from './compared-metrics.tsx';
import { Correlations } from './correlations.tsx';
import { EqualWeight } from './equal-weight.tsx';
import { Letter } from './run-colours.tsx';
import { SpecDifferences } from './spec-differences.tsx';
import { useCompared, type ComparedRun } from './use-compared.ts';

const HEIGHT = 400;
const CompareChart = dynamic(
  persistently(() => import('./compare-chart.tsx').then((module) => module.CompareChart)),
  {
    ssr: false,
    loading: () => <div style={{ height: HEIGHT }} className="skeleton" />,
  },
);

/** Runs side by side: curves, figures, how alike they are, and in what they differ. */
export function Comparison({ ids, onRemove }: { ids: readonly string[]; onRemove: (id: string) => void }) {
  const { data, error, mutate } = useCompared(ids);
  const growth = useMemo(() => {
    const curves = data?.flatMap(({ curve }) => (curve === null ? [] : [curve])) ?? [];
    return data !== undefined && curves.length === data.length ? commonGrowth(curves) : null;
  }, [data]);
  if (data === undefined)
    return error ? (
      <>
        <ProblemView error={error} retry={() => void mutate()} />
        <p className="mt-3">A run that was deleted can be taken out:</p>
        <ul className="mt-1 flex flex-wrap gap-2">
          {ids.map((id) => (
            <li key={id}>
              <button type="button" className="button font-mono" onClick={() => onRemove(id)}>
                {id} <Icon name="close" size={12} />
              </button>
            </li>
          ))}
        </ul>
      </>
    ) : (
      <div className="space-y-4">
        <Skeleton className="h-8 w-full" label="The runs are loading" />
        <div style={{ height: HEIGHT }} className="skeleton" />
        <Skeleton className="h-96 w-full" />
      </div>
    );
  const names = data.map(({ run }) => run.name);
  return (
    <div className="space-y-6">
      <ul className="flex flex-wrap gap-x-5 gap-y-1">
        {data.map(({ run }, index) => (
          <Head key={run.id} run={run} index={index} onRemove={() => onRemove(run.id)} />
        ))}
      </ul>
      {growth === null ? (
        <p className="rounded-md border border-line p-3">
          {data.some(({ curve }) => curve === null)
            ? 'One of the runs has no curve yet.'
            : 'These runs have no two days in common, so their curves cannot be laid over each other.'}
        </p>
      ) : (
        <section aria-labelledby="curves-title">
          <h2 id="curves-title" className="mb-1">
            Growth of one unit, {formatBarTime(growth.days[0], true)} to {formatBarTime(growth.days.at(-1), true)}
          </h2>
          <CompareChart growth={growth} names={names} height={HEIGHT} />
        </section>
      )}
      <ComparedMetrics runs={data.map(({ run }) => run)} />
      {growth !== null && data.length > 1 && (
        <div className="grid gap-6 lg:grid-cols-2">
          <Correlations growth={growth} names={names} />
          <EqualWeight growth={growth} />
        </div>
      )}
      {data.length > 1 && <SpecDifferences specs={data.map(({ run }) => run.spec)} />}
    </div>
  );
}

function Head({ run, index, onRemove }: { run: ComparedRun['run']; index: number; onRemove: () => void }) {
  return (
    <li className="flex items-center gap-2">
      <Letter index={index} />
      <Link className="link" href={pages.run(run.id)}>
        {run.name}
      </Link>
      <Status status={run.status} />
      <button type="button" className="button min-h-6 border-transparent px-1" aria-label={`Take ${run.name} out`} onClick={onRemove}>
        <Icon name="close" size={12} />
      </button>
    </li>
  );
}
