import type { SweepSpec } from '#shared/sweep-spec.ts';
import type { Trial } from '#shared/sweep.ts';
import { Icon } from '@/components/icon.tsx';
import { standingOf } from './standing.ts';
import { formatFigure } from './trial-words.ts';

/** How good a trial is together with its neighbours; a lonely peak is named as one. */
export function Robustness({ trial, objective, words = false }: { trial: Trial; objective: SweepSpec['objective']; words?: boolean }) {
  const standing = standingOf(trial, objective.direction);
  const value = formatFigure(trial.robust, objective.metric);
  if (!words)
    return (
      <span className="inline-flex items-center justify-end gap-1">
        {standing === 'peak' && (
          <span className="inline-flex items-center gap-1 text-warn" title="Its neighbours are far worse">
            <Icon name="failed" size={12} /> lonely
          </span>
        )}
        {value}
      </span>
    );
  const text = {
    none: '',
    alone: 'No neighbour was tried',
    peak: `A lonely peak: with its ${trial.neighbours} neighbours it has ${value} on average. Probably luck.`,
    plateau: `On a plateau: with its ${trial.neighbours} neighbours it has ${value} on average.`,
  }[standing];
  return (
    <span className={`inline-flex items-center gap-1 ${standing === 'peak' ? 'text-warn' : 'text-muted'}`}>
      {standing === 'peak' && <Icon name="failed" size={14} />}
      {text}
    </span>
  );
}
