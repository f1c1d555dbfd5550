'use client';
import type { Share } from '#shared/credential.ts';
import { Link } from '@/components/link.tsx';
import { ProblemView } from '@/components/problem.tsx';
import { callApi } from '@/lib/api.ts';
import { attempt } from '@/lib/attempt.ts';
import { formatMoment } from '@/lib/format.ts';
import { pages } from '@/lib/pages.ts';
import { useApi } from '@/lib/use-api.ts';

export const SHARES = '/v1/shares';

/** Links that there are: of one run, or of all. */
export function ShareList({ run }: { run?: string }) {
  const { data, error, mutate } = useApi<{ items: Share[] }>(SHARES);
  if (error) return <ProblemView error={error} retry={() => void mutate()} />;
  const items = (data?.items ?? []).filter((share) => run === undefined || share.run === run);
  if (items.length === 0)
    return <p className="min-h-8 text-muted">{data === undefined ? 'The links are loading …' : 'There is no link yet.'}</p>;
  return (
    <ul aria-label="Links">
      {items.map((share) => (
        <li key={share.id} className="flex min-h-9 items-center justify-between gap-3 border-t border-line">
          <span className="min-w-0">
            <code className="font-mono">{share.start}…</code>{' '}
            {run === undefined && (
              <Link className="link" href={pages.run(share.run)}>
                the run
              </Link>
            )}{' '}
            <span className="text-muted">
              until {formatMoment(share.expiresAt)},{' '}
              {share.lastUsedAt === null ? 'never opened' : `last opened ${formatMoment(share.lastUsedAt)}`}
            </span>
          </span>
          <button
            type="button"
            className="button button-danger"
            onClick={() =>
              attempt(
                () => callApi(`${SHARES}/${share.id}`, { method: 'DELETE' }),
                () => void mutate(),
              )
            }
          >
            End it
          </button>
        </li>
      ))}
    </ul>
  );
}
