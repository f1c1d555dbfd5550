import type { NightRanking } from '#shared/schedule.ts';
import { paramsText } from '@/components/sweeps/trial-words.ts';
import { formatCount, formatRatio, NOTHING } from '@/lib/format.ts';

/** How the best trials of a sweep stand now, and where they stood the night before. */
export function NewRanks({ ranking: { best, top } }: { ranking: NightRanking }) {
  const [before, after] = [best.before, best.after].map((trial) => (trial === null ? null : paramsText(trial.params)));
  return (
    <div>
      <p className="mb-1">
        {after === null
          ? 'No trial has a figure.'
          : before === after
            ? `Still the best: ${after}`
            : `Now the best: ${after}. Before: ${before ?? NOTHING}`}
      </p>
      <table className="w-full">
        <thead>
          <tr className="h-7 text-xs text-muted">
            {['Parameters', 'Rank before', 'Rank', 'Objective before', 'Objective'].map((title, index) => (
              <th key={title} scope="col" className={index === 0 ? 'text-left font-medium' : 'number font-medium'}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {top.map(({ params, rank, objective }) => (
            <tr key={paramsText(params)} className="h-7 border-t border-line">
              <th scope="row" className="text-left font-normal">
                {paramsText(params)}
              </th>
              <td className="number text-muted">{formatCount(rank.before)}</td>
              <td className="number">{formatCount(rank.after)}</td>
              <td className="number text-muted">{formatRatio(objective.before)}</td>
              <td className="number">{formatRatio(objective.after)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
