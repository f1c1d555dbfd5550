'use client';
import type { Sweep, Trial } from '#shared/sweep.ts';
import { Hint } from '@/components/hint.tsx';
import { Skeleton } from '@/components/skeleton.tsx';
import { useApi } from '@/lib/use-api.ts';
import { Robustness } from './robustness.tsx';
import { formatFigure, LOOK_MS, objectiveTitle, paramsText } from './trial-words.ts';

/** The best trial so far, and whether its neighbours are nearly as good. */
export function BestTrial({ sweep: { id, spec, status }, ended }: { sweep: Sweep; ended: boolean }) {
  const path = `/v1/sweeps/${id}/trials?limit=1`;
  const { data } = useApi<{ items: Trial[] }>(path, { refreshInterval: ended ? 0 : LOOK_MS, keepPreviousData: true });
  if (data === undefined) return <Skeleton className="h-11" label="The best trial is loading" />;
  const [best] = data.items;
  if (best === undefined || best.objective === null)
    return (
      <p className="h-11 text-muted">
        {ended ? 'No trial has an objective.' : status === 'queued' ? 'Waits for a worker.' : 'No trial is done yet.'}
      </p>
    );
  return (
    <div className="min-h-11">
      <p>
        <span className="text-muted">{ended ? 'Best: ' : 'Best so far: '}</span>
        <strong>{paramsText(best.params)}</strong>
      </p>
      <p className="flex flex-wrap gap-x-4">
        <span>
          <Hint text="What the sweep looks for. The best trial is chosen by it.">{objectiveTitle(spec.objective)}</Hint>{' '}
          <strong>{formatFigure(best.objective, spec.objective.metric)}</strong>
        </span>
        <Robustness trial={best} objective={spec.objective} words />
      </p>
    </div>
  );
}
