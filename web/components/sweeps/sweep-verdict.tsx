'use client';
import type { Sweep, SweepResult } from '#shared/sweep.ts';
import type { Finding, ValidationReport } from '#shared/validation.ts';
import { Hint } from '@/components/hint.tsx';
import { Icon, type IconName } from '@/components/icon.tsx';
import { EmptyState } from '@/components/problem.tsx';
import { Skeleton } from '@/components/skeleton.tsx';
import { formatCount, formatPercent, formatRatio, NOTHING } from '@/lib/format.ts';
import { Folds } from './folds.tsx';
import { formatFigure } from './trial-words.ts';

const VERDICTS: Record<ValidationReport['verdict'], { word: string; icon: IconName; look: string }> = {
  convincing: { word: 'Convincing', icon: 'completed', look: 'border-gain bg-gain-soft' },
  undecided: { word: 'Undecided', icon: 'info', look: 'border-warn bg-warn-soft' },
  likely_luck: { word: 'Likely luck', icon: 'failed', look: 'border-loss bg-loss-soft' },
};
const GRADES: Record<Finding['grade'], { word: string; icon: IconName; colour: string }> = {
  for: { word: 'For', icon: 'completed', colour: 'text-gain' },
  unclear: { word: 'Unclear', icon: 'info', colour: 'text-warn' },
  against: { word: 'Against', icon: 'failed', colour: 'text-loss' },
};
const SUBJECTS: Record<Finding['code'], string> = {
  deflated_sharpe: 'Sharpe ratio, for so many trials',
  track_record: 'Length of the record',
  interval: 'Interval of the objective',
  overfitting: 'Overfitting',
  out_of_sample: 'Out of sample',
};

/** Whether the best trial is more than luck, in plain words, and the figures behind them. */
export function SweepVerdict({ sweep, ended, result }: { sweep: Sweep; ended: boolean; result: SweepResult | undefined }) {
  if (!ended)
    return (
      <EmptyState title="The verdict comes at the end">
        Once every trial is done, the best one is judged: whether it is more than the luck of having tried so many.
      </EmptyState>
    );
  if (sweep.status === 'failed')
    return <EmptyState title="A sweep that failed has no verdict">Its spec is on the tab beside; it can be submitted again.</EmptyState>;
  if (result === undefined) return <Skeleton className="h-96 w-full" label="The verdict is loading" />;
  const { validation } = result;
  if (validation === null)
    return (
      <EmptyState title="There is no verdict">
        Sweeps that were cancelled or ended by their budget, and those of modules, are not judged.
      </EmptyState>
    );
  const { word, icon, look } = VERDICTS[validation.verdict];
  return (
    <div className="grid gap-6 xl:grid-cols-2">
      <div className="min-w-0 space-y-4">
        <div className={`flex gap-2 rounded-md border p-3 ${look}`}>
          <Icon name={icon} className="mt-0.5" />
          <div>
            <h2>{word}</h2>
            <p>{validation.text}</p>
          </div>
        </div>
        <Findings findings={validation.findings} />
        {validation.folds.length > 0 && <Folds sweep={sweep} validation={validation} />}
      </div>
      <Figures validation={validation} metric={sweep.spec.objective.metric} />
    </div>
  );
}

function Findings({ findings }: { findings: readonly Finding[] }) {
  return (
    <section aria-labelledby="findings-title">
      <h2 id="findings-title" className="mb-1">
        What speaks for it, and what against
      </h2>
      <ul>
        {findings.map(({ code, grade, text }) => (
          <li key={code} className="grid grid-cols-[88px_minmax(0,1fr)] gap-2 border-t border-line py-1.5">
            <span className={`inline-flex items-start gap-1.5 ${GRADES[grade].colour}`}>
              <Icon name={GRADES[grade].icon} size={14} className="mt-[3px]" /> {GRADES[grade].word}
            </span>
            <span>
              <strong className="font-medium">{SUBJECTS[code]}.</strong> {text}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Figures({ validation, metric }: { validation: ValidationReport; metric: string }) {
  const { interval } = validation;
  const rows: [title: string, text: string, definition: string][] = [
    [
      'Different trials ever',
      formatCount(validation.trials),
      'Distinct trials that you ever ran on this strategy, source and symbols. Another window of the same parameters counts once.',
    ],
    [
      'Sharpe ratio',
      formatRatio(validation.sharpe),
      'Of the best trial: mean of the daily returns over the cash, over their deviation, a year.',
    ],
    [
      'Lucky Sharpe ratio',
      formatRatio(validation.luckySharpe),
      'The highest that so many trials without any skill are expected to show (Bailey and López de Prado, 2014).',
    ],
    [
      'Deflated Sharpe ratio',
      formatPercent(validation.deflatedSharpe),
      'Probability that the true Sharpe ratio is above 0, given the number of trials, the length of the record, skewness and kurtosis (Bailey and López de Prado, 2014).',
    ],
    ['Daily returns', formatCount(validation.observations), 'Length of the record that was judged.'],
    [
      'Record needed',
      validation.minimumTrackRecord === null ? NOTHING : `${formatCount(validation.minimumTrackRecord)} returns`,
      'Daily returns needed to be 95 % sure of a Sharpe ratio above 0; none where it is not above 0 (Bailey and López de Prado, 2012).',
    ],
    [
      'Interval of the objective',
      interval === null ? NOTHING : `${formatFigure(interval.low, metric)} to ${formatFigure(interval.high, metric)}`,
      '95 % of the objective over 1,000 samples of the stationary bootstrap (Politis and Romano, 1994). Only for figures of daily returns in any order.',
    ],
    [
      'Probability of overfitting',
      formatPercent(validation.probabilityOfBacktestOverfitting),
      'How often the best of one half of the time is in the worse half of the other (Bailey, Borwein, López de Prado and Zhu, 2017). Needs the validation cscv.',
    ],
    [
      'Probability of loss',
      formatPercent(validation.probabilityOfLoss),
      'How often the best of one half of the time has a negative Sharpe ratio in the other. Needs the validation cscv.',
    ],
    [
      'Efficiency',
      formatPercent(validation.efficiency),
      'Mean objective out of sample over that in sample (Pardo, 2008). Needs the validation holdout or walk-forward.',
    ],
  ];
  return (
    <section aria-labelledby="figures-title" className="min-w-0">
      <h2 id="figures-title" className="mb-1">
        Figures
      </h2>
      <table className="w-full">
        <tbody>
          {rows.map(([title, text, definition]) => (
            <tr key={title} className="h-8 border-t border-line">
              <th scope="row" className="text-left font-normal">
                <Hint text={definition}>{title}</Hint>
              </th>
              <td className="number">{text}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
