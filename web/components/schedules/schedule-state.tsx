import { Icon } from '@/components/icon.tsx';

/** Whether nights begin; null where nobody knows. */
export function ScheduleState({ paused }: { paused: boolean | null }) {
  const [icon, word, colour] =
    paused === null
      ? (['offline', 'Unknown', 'text-muted'] as const)
      : paused
        ? (['paused', 'Paused', 'text-warn'] as const)
        : (['queued', 'Active', 'text-accent'] as const);
  return (
    <span className={`inline-flex items-center gap-1.5 ${colour}`}>
      <Icon name={icon} size={14} /> {word}
    </span>
  );
}
