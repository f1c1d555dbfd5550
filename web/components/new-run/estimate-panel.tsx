import { ProblemView } from '@/components/problem.tsx';
import { formatBytes, formatCount, formatDuration } from '@/lib/format.ts';
import type { Estimate } from '@/components/spec/use-estimate.ts';

/** What it would cost, before the button that starts it; or what is wrong with it. */
export function EstimatePanel({ estimate: { quote, error, pending }, sending }: { estimate: Estimate; sending: boolean }) {
  const figures =
    quote === null
      ? []
      : ([
          ['Bars', formatCount(quote.bars)],
          ['Computing', `about ${formatDuration(quote.seconds)}`],
          ['Memory', formatBytes(quote.memoryBytes) + (quote.streamed ? ', a stretch at a time' : '')],
          ['Scanned', formatBytes(quote.bytesScanned)],
          ['Price', quote.cost === 0 ? 'free' : `${quote.cost.toFixed(2)} USD`],
        ] as const);
  return (
    <section aria-label="Estimate" className="space-y-3 border-t border-line pt-4">
      <div className={`min-h-11 ${pending ? 'opacity-60' : ''}`} aria-live="polite">
        {quote !== null && (
          <dl className="flex flex-wrap gap-x-8 gap-y-1">
            {figures.map(([name, value]) => (
              <div key={name}>
                <dt className="text-xs text-muted">{name}</dt>
                <dd className="font-semibold">{value}</dd>
              </div>
            ))}
          </dl>
        )}
        {quote === null && error === null && <p className="text-muted">What it would cost is being found out …</p>}
        {error !== null && <ProblemView error={error} />}
      </div>
      <button type="submit" className="button button-main" disabled={sending || (!pending && error !== null)}>
        {sending ? 'Starting …' : 'Start the run'}
      </button>
    </section>
  );
}
