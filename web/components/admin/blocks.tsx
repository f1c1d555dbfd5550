'use client';
import { EmptyState, ProblemView } from '@/components/problem.tsx';
import { SkeletonRows } from '@/components/skeleton.tsx';
import { callApi } from '@/lib/api.ts';
import { attempt } from '@/lib/attempt.ts';
import { formatMoment } from '@/lib/format.ts';
import { useApi } from '@/lib/use-api.ts';

interface Block {
  kind: 'owner' | 'strategy';
  name: string;
  reason: string;
  by: string;
  at: string;
}
const PATHS = { owner: 'owners', strategy: 'strategies' } as const;

/** Owners and strategies that are disabled. */
export function Blocks() {
  const { data, error, mutate } = useApi<{ items: Block[] }>('/v1/admin/blocks');
  if (error) return <ProblemView error={error} retry={() => void mutate()} />;
  if (data === undefined) return <SkeletonRows label="The list is loading" />;
  if (data.items.length === 0)
    return <EmptyState title="Nothing is disabled">Owners and strategies are disabled from the list of runs.</EmptyState>;
  return (
    <ul aria-label="Disabled">
      {data.items.map(({ kind, name, reason, by, at }) => (
        <li key={`${kind} ${name}`} className="flex flex-wrap items-center justify-between gap-x-4 border-t border-line py-1.5">
          <span className="min-w-0">
            <span className="text-muted">{kind === 'owner' ? 'Owner' : 'Strategy'}</span> <strong className="font-medium">{name}</strong>:{' '}
            {reason}
            <br />
            <span className="text-muted">
              by {by}, {formatMoment(at)}
            </span>
          </span>
          <button
            type="button"
            className="button"
            onClick={() =>
              attempt(
                () => callApi(`/v1/admin/${PATHS[kind]}/${encodeURIComponent(name)}/enable`, { method: 'POST' }),
                () => void mutate(),
              )
            }
          >
            Enable
          </button>
        </li>
      ))}
    </ul>
  );
}
