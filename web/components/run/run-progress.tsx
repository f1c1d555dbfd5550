import { isTerminal, type RunPhase } from '#shared/names.ts';
import type { Run } from '#shared/run.ts';
import { Icon } from '@/components/icon.tsx';
import { Progress } from '@/components/progress.tsx';
import { formatDuration, formatMoment } from '@/lib/format.ts';

const PHASES: Record<RunPhase, string> = { fetch: 'Fetching bars', simulate: 'Simulating', aggregate: 'Computing figures' };

const WAITING: Partial<Record<Run['status'], string>> = {
  paused: 'Paused: nothing is lost, and it goes on when it is resumed',
  pausing: 'Pausing at the next bar',
  cancelling: 'Cancelling: what was computed is being kept',
  queued: 'Waiting for a worker',
};

/** What the run is at; where it has ended, when, and what went wrong. */
export function RunProgress({ run }: { run: Run }) {
  const { status, phase, progress, error, strategy, symbols, timeframe, createdAt, startedAt, finishedAt, operator } = run;
  const took = startedAt !== null && finishedAt !== null ? (Date.parse(finishedAt) - Date.parse(startedAt)) / 1_000 : null;
  return (
    <div className="mb-3 flex flex-col gap-2">
      <p className="flex flex-wrap gap-x-4 text-muted">
        <span>{strategy}</span>
        <span className="max-w-80 truncate">
          {symbols.slice(0, 8).join(', ')}
          {symbols.length > 8 && ` and ${symbols.length - 8} more`}
        </span>
        <span>{timeframe}</span>
        <span>started {formatMoment(createdAt)}</span>
        {took !== null && <span>took {formatDuration(took)}</span>}
      </p>
      {!isTerminal(status) && (
        <div aria-live="off">
          <p className="mb-0.5">{WAITING[status] ?? (phase === null ? 'Waiting for a worker' : PHASES[phase])}</p>
          <Progress progress={progress} status={status} as="full" />
        </div>
      )}
      {operator && (
        <p className="rounded-md border border-warn bg-warn-soft p-2">
          An operator ({operator.by}) has paused this step in Temporal: {operator.reason || 'no reason was given'}. It goes on once it is
          unpaused there.
        </p>
      )}
      {error !== null && (
        <div role="alert" className="flex gap-2 rounded-md border border-loss bg-loss-soft p-3">
          <Icon name="failed" className="mt-0.5 text-loss" />
          <div>
            <p className="font-semibold">The run has failed ({error.code})</p>
            <p className="break-words whitespace-pre-wrap">{error.message}</p>
          </div>
        </div>
      )}
    </div>
  );
}
