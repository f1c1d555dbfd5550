import type { Sweep, SweepResult } from '#shared/sweep.ts';
import { CopyButton } from '@/components/copy-button.tsx';
import { formatDuration, formatMoment } from '@/lib/format.ts';

const ENDS: Record<SweepResult['endReason'], string> = {
  'all-trials': 'Every trial is done',
  budget: 'The budget was used up',
  interrupted: 'It was stopped',
};

/** What the sweep runs, and what makes its result repeatable. */
export function SweepSpecView({ sweep, result }: { sweep: Sweep; result: SweepResult | undefined }) {
  const text = JSON.stringify(sweep.spec, null, 2);
  const facts: [string, string][] = [
    ['Id', sweep.id],
    ['Submitted', formatMoment(sweep.createdAt)],
    ['Began', formatMoment(sweep.startedAt)],
    ['Ended', formatMoment(sweep.finishedAt)],
    ...(result
      ? ([
          ['End', ENDS[result.endReason]],
          ['Known before', `${result.cached} of ${result.trials} trials`],
          ['Computing time', formatDuration(result.manifest.cpuSeconds)],
          ['Pieces', String(result.manifest.shards)],
          ['Engine', result.manifest.engineVersion],
          ['Hash of the result', result.manifest.resultHash],
          ['Hash of the bars', result.manifest.datasetHash],
        ] satisfies [string, string][])
      : []),
  ];
  return (
    <div className="grid gap-6 lg:grid-cols-2">
      <section className="min-w-0" aria-labelledby="spec-title">
        <div className="mb-2 flex items-center justify-between gap-2">
          <h2 id="spec-title">Spec</h2>
          <CopyButton text={text} what="the spec" />
        </div>
        <pre
          tabIndex={0}
          aria-label="Spec as JSON"
          className="max-h-[60dvh] overflow-auto rounded-md border border-line bg-raised p-3 font-mono text-xs"
        >
          {text}
        </pre>
        <p className="mt-2 text-muted">
          Run it from the command line: save it as <code className="font-mono">sweep.json</code>, then{' '}
          <code className="font-mono">holdfast sweep run sweep.json --watch</code>
        </p>
      </section>
      <section className="min-w-0" aria-labelledby="facts-title">
        <h2 id="facts-title" className="mb-2">
          Facts
        </h2>
        <dl className="grid grid-cols-[max-content_minmax(0,1fr)] gap-x-4 gap-y-1">
          {facts.map(([name, value]) => (
            <div key={name} className="contents">
              <dt className="text-muted">{name}</dt>
              <dd className="break-all">{value}</dd>
            </div>
          ))}
        </dl>
      </section>
    </div>
  );
}
