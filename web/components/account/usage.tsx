'use client';
import type { LimitName, Limits, Usage as Used } from '#shared/limits.ts';
import { ProblemView } from '@/components/problem.tsx';
import { SkeletonRows } from '@/components/skeleton.tsx';
import { formatBytes, formatCount, formatDuration } from '@/lib/format.ts';
import { useApi } from '@/lib/use-api.ts';

export interface Me {
  owner: string;
  by: string;
  scopes: string[];
  isAdmin: boolean;
  plan: string | null;
  limits: Limits;
  usage: Used;
}

const LINES: readonly [name: LimitName, title: string, format: (value: number) => string][] = [
  ['openRuns', 'Runs queued, running or paused', formatCount],
  ['trialsPerDay', 'Backtests accepted today', formatCount],
  ['cpuSecondsPerDay', 'Computing time today', formatDuration],
  ['scannedBytesPerDay', 'Read from metered sources today', formatBytes],
  ['storedBytes', 'Stored uploads and results', formatBytes],
];
const LOOK_MS = 10_000;

/** What one may use, and has used. */
export function Usage() {
  const { data, error, mutate } = useApi<Me>('/v1/me', { refreshInterval: LOOK_MS });
  if (data === undefined)
    return error ? <ProblemView error={error} retry={() => void mutate()} /> : <SkeletonRows rows={6} label="The account is loading" />;
  return (
    <>
      <p className="mb-3">
        <strong>{data.owner}</strong>{' '}
        <span className="text-muted">
          {data.plan === null ? '' : `plan ${data.plan}, `}
          {data.scopes.join(' and ')}
          {data.isAdmin ? ', operator' : ''}
        </span>
      </p>
      <table className="w-full">
        <thead>
          <tr className="h-8 text-xs text-muted">
            <th scope="col" className="text-left font-medium">
              What
            </th>
            <th scope="col" className="number font-medium">
              Used
            </th>
            <th scope="col" className="number font-medium">
              Limit
            </th>
            <th scope="col" className="hidden w-1/3 pl-4 text-left font-medium sm:table-cell">
              Share
            </th>
          </tr>
        </thead>
        <tbody>
          {LINES.map(([name, title, format]) => (
            <Line key={name} title={title} used={data.usage[name]} limit={data.limits[name]} format={format} />
          ))}
        </tbody>
      </table>
      <p className="mt-2 text-xs text-muted">A day begins at 00:00 UTC.</p>
    </>
  );
}

function Line({
  title,
  used,
  limit,
  format,
}: {
  title: string;
  used: number;
  limit: number | undefined;
  format: (value: number) => string;
}) {
  const share = limit === undefined ? null : Math.min(1, limit === 0 ? 1 : used / limit);
  return (
    <tr className="h-8 border-t border-line">
      <th scope="row" className="text-left font-normal">
        {title}
      </th>
      <td className="number">{used === 0 ? '0' : format(used)}</td>
      <td className="number">{limit === undefined ? 'no limit' : format(limit)}</td>
      <td className="hidden pl-4 sm:table-cell">
        {share !== null && (
          <div aria-hidden="true" className="h-1.5 overflow-hidden rounded-full bg-line">
            <div className={`h-full ${share > 0.9 ? 'bg-loss' : 'bg-accent'}`} style={{ width: `${share * 100}%` }} />
          </div>
        )}
      </td>
    </tr>
  );
}
