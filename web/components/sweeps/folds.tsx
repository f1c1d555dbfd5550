'use client';
import type { Sweep } from '#shared/sweep.ts';
import type { FoldReport, ValidationReport } from '#shared/validation.ts';
import { formatCount } from '@/lib/format.ts';
import { useAddress } from '@/lib/use-address.ts';
import { formatFigure } from './trial-words.ts';

/** Each test of a walk forward: which trial was chosen before it, and what it then did. */
export function Folds({ sweep, validation: { folds, kind } }: { sweep: Sweep; validation: ValidationReport }) {
  const { change } = useAddress();
  const { metric } = sweep.spec.objective;
  const most = Math.max(...folds.flatMap(({ inSample, outOfSample }) => [Math.abs(inSample ?? 0), Math.abs(outOfSample ?? 0)]), 1e-12);
  return (
    <section aria-labelledby="folds-title">
      <h2 id="folds-title" className="mb-1">
        {kind === 'holdout' ? 'Held-out bars' : 'Walk forward, test by test'}
      </h2>
      <table className="w-full">
        <thead>
          <tr className="h-8 text-xs text-muted">
            <th scope="col" className="w-12 text-left font-medium">
              Test
            </th>
            <th scope="col" className="w-24 text-left font-medium">
              Chosen
            </th>
            <th scope="col" className="number font-medium">
              Where it was chosen
            </th>
            <th scope="col" className="number font-medium">
              In the test
            </th>
            <th scope="col" className="hidden w-1/3 pl-4 text-left font-medium sm:table-cell">
              <span className="text-muted">▬ chosen</span> <span className="text-accent">▬ test</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {folds.map((fold, index) => (
            // Tests have no name but their place.
            // oxlint-disable-next-line react/no-array-index-key
            <tr key={index} className="h-8 border-t border-line">
              <td>{index + 1}</td>
              <td>
                <button type="button" className="link" onClick={() => change({ tab: 'trials', filter: `trial == ${fold.trial}` })}>
                  Trial {formatCount(fold.trial)}
                </button>
              </td>
              <td className="number">{formatFigure(fold.inSample, metric)}</td>
              <td className={`number ${(fold.outOfSample ?? 0) < 0 ? 'text-loss' : ''}`}>{formatFigure(fold.outOfSample, metric)}</td>
              <td className="hidden pl-4 sm:table-cell">
                <Bars fold={fold} most={most} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** From the middle: what loses goes to the left. */
function Bars({ fold: { inSample, outOfSample }, most }: { fold: FoldReport; most: number }) {
  const bar = (value: number | null, colour: string) => {
    const share = (Math.abs(value ?? 0) / most) * 50;
    return <div className={`absolute h-1.5 ${colour}`} style={{ left: `${(value ?? 0) < 0 ? 50 - share : 50}%`, width: `${share}%` }} />;
  };
  return (
    <div aria-hidden="true" className="relative h-4 border-x border-line">
      <div className="absolute inset-y-0 left-1/2 w-px bg-edge" />
      {bar(inSample, 'bg-edge top-0')}
      {bar(outOfSample, 'bg-accent bottom-0')}
    </div>
  );
}
