import { ProblemView } from '@/components/problem.tsx';
import { formatBytes, formatCount, formatDuration } from '@/lib/format.ts';
import type { Judgement } from './use-estimate.ts';

/** What it would cost, before the button that starts it; or what is wrong with it. */
export function EstimatePanel({ judgement: { estimate, error, current }, sending }: { judgement: Judgement; sending: boolean }) {
  const figures =
    estimate === null
      ? []
      : ([
          ['Bars', formatCount(estimate.bars)],
          ['Computing', `about ${formatDuration(estimate.seconds)}`],
          ['Memory', formatBytes(estimate.memoryBytes) + (estimate.streamed ? ', a stretch at a time' : '')],
          ['Scanned', formatBytes(estimate.bytesScanned)],
          ['Price', estimate.cost === 0 ? 'free' : `${estimate.cost.toFixed(2)} USD`],
        ] as const);
  return (
    <section aria-label="Estimate" className="space-y-3 border-t border-line pt-4">
      <div className={`min-h-11 ${current ? '' : 'opacity-60'}`} aria-live="polite">
        {estimate !== null && (
          <dl className="flex flex-wrap gap-x-8 gap-y-1">
            {figures.map(([name, value]) => (
              <div key={name}>
                <dt className="text-xs text-muted">{name}</dt>
                <dd className="font-semibold">{value}</dd>
              </div>
            ))}
          </dl>
        )}
        {estimate === null && error === null && <p className="text-muted">What it would cost is being found out …</p>}
        {error !== null && <ProblemView error={error} />}
      </div>
      <button type="submit" className="button button-main" disabled={sending || (current && error !== null)}>
        {sending ? 'Starting …' : 'Start the run'}
      </button>
    </section>
  );
}
