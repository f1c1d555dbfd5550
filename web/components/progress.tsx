import type { RunStatus } from '#shared/names.ts';
import type { Progress as ProgressState } from '#shared/run.ts';
import { formatCompact, formatDuration, formatPercent } from '@/lib/format.ts';

interface Props {
  progress: ProgressState;
  status: RunStatus;
  /** `line`: a bar of one row of a table. `full`: with what is done, speed and time left. */
  as?: 'line' | 'full';
}

/** How far something is. */
export function Progress({ progress, status, as = 'line' }: Props) {
  const { fraction, done, total, unit, perSecond, etaSeconds } = progress;
  const colour = status === 'running' ? 'bg-accent' : status === 'failed' ? 'bg-loss' : status === 'completed' ? 'bg-gain' : 'bg-edge';
  const bar = (
    <div
      role="progressbar"
      aria-label="Progress"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.floor(fraction * 100)}
      className="h-1.5 min-w-12 flex-1 overflow-hidden rounded-full bg-line"
    >
      <div className={`h-full ${colour}`} style={{ width: `${fraction * 100}%` }} />
    </div>
  );
  if (as === 'line')
    return (
      <span className="flex items-center gap-2">
        {bar}
        <span className="w-12 text-right">{formatPercent(fraction)}</span>
      </span>
    );
  return (
    <div className="flex flex-col gap-1">
      <div className="flex items-center gap-2">
        {bar}
        <span className="w-14 text-right font-semibold">{formatPercent(fraction)}</span>
      </div>
      <div className="flex flex-wrap gap-x-4 text-muted">
        <span>
          {formatCompact(done)} of {formatCompact(total)} {unit}
        </span>
        <span>{perSecond > 0 ? `${formatCompact(perSecond)} ${unit} a second` : ' '}</span>
        <span>{etaSeconds !== null && status === 'running' ? `${formatDuration(etaSeconds)} left` : ' '}</span>
      </div>
    </div>
  );
}
