import type { RunRequest, RunStatus } from '#shared/names.ts';
import { Icon, type IconName } from './icon.tsx';

const LOOKS: Record<RunStatus, { icon: IconName; word: string; colour: string }> = {
  queued: { icon: 'queued', word: 'Queued', colour: 'text-muted' },
  running: { icon: 'running', word: 'Running', colour: 'text-accent' },
  pausing: { icon: 'paused', word: 'Pausing', colour: 'text-warn' },
  paused: { icon: 'paused', word: 'Paused', colour: 'text-warn' },
  cancelling: { icon: 'cancelled', word: 'Cancelling', colour: 'text-muted' },
  completed: { icon: 'completed', word: 'Completed', colour: 'text-gain' },
  failed: { icon: 'failed', word: 'Failed', colour: 'text-loss' },
  cancelled: { icon: 'cancelled', word: 'Cancelled', colour: 'text-muted' },
};
const ASKED: Record<RunRequest, string> = { pause: 'pause asked for', resume: 'resume asked for', cancel: 'cancel asked for' };

export const STATUS_WORDS = Object.fromEntries(Object.entries(LOOKS).map(([status, { word }]) => [status, word])) as Record<
  RunStatus,
  string
>;

/** The state of a run, sweep or batch: the same everywhere. `requested` is shown where it has not taken effect yet. */
export function Status({ status, requested = null }: { status: RunStatus; requested?: RunRequest | null }) {
  const { icon, word, colour } = LOOKS[status];
  const asked = requested !== null && !(status === 'pausing' || status === 'cancelling') ? ASKED[requested] : null;
  return (
    <span className={`inline-flex items-center gap-1.5 whitespace-nowrap ${colour}`} data-status={status}>
      <Icon name={icon} size={14} />
      {word}
      {asked !== null && <span className="text-muted">({asked})</span>}
    </span>
  );
}
