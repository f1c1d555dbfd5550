'use client';
import type { ReactNode } from 'react';
import type { Manifest, Result, Run, Verification } from '#shared/run.ts';
import { Icon } from '@/components/icon.tsx';
import { CopyButton } from '@/components/copy-button.tsx';
import { Link } from '@/components/link.tsx';
import { formatCount, formatDay, formatDuration } from '@/lib/format.ts';
import { pages } from '@/lib/pages.ts';

/** What makes a result trustworthy: verdicts, manifest, and the spec as it ran. */
export function RunDetails({ run, result, readOnly }: { run: Run; result: Result | null; readOnly: boolean }) {
  const spec = JSON.stringify(run.spec, null, 2);
  return (
    <div className="grid grid-cols-1 gap-x-8 gap-y-6 lg:grid-cols-2">
      <div className="space-y-6">
        {result === null ? <p className="text-muted">Verdicts and manifest come when the run has ended.</p> : <Verdicts result={result} />}
        {run.verifies !== null && !readOnly && <VerificationOf run={run.verifies} verification={result?.verification} />}
        {result !== null && <ManifestOf manifest={result.manifest} />}
      </div>
      <section>
        <div className="mb-2 flex items-center justify-between gap-2">
          <h2>Spec as it ran</h2>
          <CopyButton text={spec} what="the spec" />
        </div>
        {/* Scrolling by keyboard needs the focus. */}
        <pre
          tabIndex={0}
          role="region"
          aria-label="Spec"
          className="max-h-[560px] overflow-auto rounded-md border border-line bg-raised p-3 font-mono text-xs"
        >
          {spec}
        </pre>
      </section>
    </div>
  );
}

function Verdicts({ result: { verdicts, endReason, partial } }: { result: Result }) {
  const { lookAhead, data, repeatable } = verdicts;
  return (
    <section>
      <h2 className="mb-2">Verdicts</h2>
      <ul className="space-y-1.5">
        {repeatable === false ? (
          <Verdict good={false}>
            The strategy decides otherwise when it is run again on the same data: its results cannot be trusted.
          </Verdict>
        ) : lookAhead === null ? (
          <Verdict good={null}>Look-ahead: there are too few bars to tell whether decisions use what was not known yet.</Verdict>
        ) : lookAhead.passed ? (
          <Verdict good>
            No look-ahead: at {formatCount(lookAhead.samples)} bars it decided the same without knowing what came later.
          </Verdict>
        ) : (
          <Verdict good={false}>
            Look-ahead: its decisions use what was not known yet, first on {formatDay(lookAhead.firstDifference)}. Its figures mean nothing
            until that is mended.
          </Verdict>
        )}
        {data !== undefined &&
          (data.findings.length === 0 ? (
            <Verdict good>Data: nothing was found amiss in {formatCount(data.bars)} bars.</Verdict>
          ) : (
            data.findings.map(({ check, symbol, message, action, count }) => (
              <Verdict key={`${check} ${symbol}`} good={null}>
                {symbol}: {message} ({formatCount(count)}, {action})
              </Verdict>
            ))
          ))}
        {endReason === 'bankrupt' && <Verdict good={false}>The account was ruined before the data ended.</Verdict>}
        {partial && <Verdict good={null}>Partial: the run was stopped before the end of its data.</Verdict>}
      </ul>
    </section>
  );
}

function Verdict({ good, children }: { good: boolean | null; children: ReactNode }) {
  const [icon, colour] =
    good === null ? (['info', 'text-warn'] as const) : good ? (['completed', 'text-gain'] as const) : (['failed', 'text-loss'] as const);
  return (
    <li className="flex gap-2">
      <Icon name={icon} className={`mt-0.5 ${colour}`} />
      <span className="min-w-0">{children}</span>
    </li>
  );
}

const OUTCOMES: Record<Verification['outcome'], string> = {
  identical: 'Identical: curve, trades, orders, log and figures have the same bytes.',
  different: 'Different: the result could not be repeated.',
  engine_changed: 'By another version of engine or strategy than then; figures may differ for that.',
};

function VerificationOf({ run, verification }: { run: string; verification: Verification | undefined }) {
  return (
    <section>
      <h2 className="mb-2">Verification</h2>
      <p>
        Runs{' '}
        <Link className="link" href={pages.run(run)}>
          an earlier run
        </Link>{' '}
        again on the same bars.
      </p>
      {verification === undefined ? (
        <p className="text-muted">It says what came of it when it has ended.</p>
      ) : (
        <ul className="mt-1 space-y-1">
          <Verdict good={verification.outcome === 'identical' ? true : verification.outcome === 'different' ? false : null}>
            {OUTCOMES[verification.outcome]}
          </Verdict>
          {verification.differences.map(({ what, before, after }) => (
            <li key={what} className="break-all">
              {what}: {before} → {after}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

const ROWS: readonly { name: Exclude<keyof Manifest, 'datasetOrigin'>; title: string; hash?: true }[] = [
  { name: 'resultHash', title: 'Result', hash: true },
  { name: 'specHash', title: 'Spec', hash: true },
  { name: 'datasetHash', title: 'Dataset', hash: true },
  { name: 'strategyHash', title: 'Strategy', hash: true },
  { name: 'datasetSource', title: 'Source' },
  { name: 'engineVersion', title: 'Engine' },
  { name: 'nodeVersion', title: 'Node' },
  { name: 'seed', title: 'Seed' },
  { name: 'slices', title: 'Slices' },
  { name: 'attempts', title: 'Attempts' },
];

function ManifestOf({ manifest }: { manifest: Manifest }) {
  return (
    <section>
      <h2 className="mb-1">Manifest</h2>
      <p className="mb-2 text-muted">What makes the result repeatable. “Verify” in the menu runs it again and compares.</p>
      <dl>
        {ROWS.map(({ name, title, hash }) => (
          <div key={name} className="flex h-8 items-center justify-between gap-4 border-b border-line">
            <dt className="text-muted">{title}</dt>
            <dd className={`truncate ${hash ? 'font-mono text-xs' : ''}`} title={String(manifest[name])}>
              {String(manifest[name])}
            </dd>
          </div>
        ))}
        <div className="flex h-8 items-center justify-between gap-4 border-b border-line">
          <dt className="text-muted">Simulation time</dt>
          <dd>{formatDuration(manifest.cpuSeconds)}</dd>
        </div>
      </dl>
    </section>
  );
}
