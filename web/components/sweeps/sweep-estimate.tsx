import { ProblemView } from '@/components/problem.tsx';
import { DATA_PATHS } from '@/components/spec/data-fields.tsx';
import { SpecFaults } from '@/components/spec/spec-faults.tsx';
import type { Estimate } from '@/components/spec/use-estimate.ts';
import { formatBytes, formatCount, formatDuration } from '@/lib/format.ts';
import { SEARCH_PATHS } from './search-fields.tsx';

const SHOWN = [
  ...DATA_PATHS,
  ...SEARCH_PATHS,
  'name',
  'account.cash',
  'account.fees.relative',
  'account.slippage.relative',
  'space',
  'strategy',
];

/** What the service says of a sweep beside its cost. */
export interface Trials {
  trials: number;
}

/** What it would cost, and the button. */
export function SweepEstimate({ estimate, broken, busy }: { estimate: Estimate<Trials>; broken: string | null; busy: boolean }) {
  const { quote, faults, error, pending } = estimate;
  const figures: [string, string][] = [
    ['Trials', formatCount(quote?.trials)],
    ['Bars a trial', formatCount(quote?.bars)],
    ['Computing time', quote === null ? '–' : `${formatDuration(quote.seconds)} on one core`],
    ['Memory of a worker', formatBytes(quote?.memoryBytes)],
    [
      'Read from the source',
      quote === null ? '–' : `${formatBytes(quote.bytesScanned)}${quote.cost > 0 ? `, ${quote.cost.toFixed(2)} USD` : ''}`,
    ],
  ];
  return (
    <section aria-labelledby="estimate-title" className="space-y-3 border-t border-line pt-3">
      <h2 id="estimate-title">Before you start</h2>
      <dl className="grid grid-cols-2 gap-x-6 gap-y-1 sm:grid-cols-3 lg:grid-cols-5" aria-busy={pending}>
        {figures.map(([name, text]) => (
          <div key={name}>
            <dt className="text-xs text-muted">{name}</dt>
            <dd className="font-semibold">{text}</dd>
          </div>
        ))}
      </dl>
      {error !== null && faults.length === 0 && <ProblemView error={error} />}
      <SpecFaults faults={faults} shown={SHOWN} />
      <button type="submit" className="button button-main" disabled={busy || broken !== null || faults.length > 0}>
        {busy ? 'Starting …' : quote === null || faults.length > 0 ? 'Start the sweep' : `Start ${formatCount(quote.trials)} trials`}
      </button>
    </section>
  );
}
