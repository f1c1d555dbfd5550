import * as z from 'zod';

const Bars = z.int().min(0).max(1_000_000).default(0);
const leftOut = {
  purge: Bars.describe('Bars left out at the end of each training window: positions opened there reach into the test'),
  embargo: Bars.describe('Bars left out at the beginning of each test, which still follow from the training window'),
};

/** How far the choice of the best trial is to be trusted: it is made on a part of the bars and judged on another. */
export const ValidationSpec = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({
    kind: z.literal('holdout'),
    share: z.number().min(0.05).max(0.9).default(0.3).describe('Last part of the bars, which chooses nothing'),
    ...leftOut,
  }),
  z.strictObject({
    kind: z.literal('walk-forward'),
    folds: z.int().min(2).max(100).default(5).describe('Tests of equal length, back to back up to the last bar'),
    trainTests: z.number().min(0.5).max(100).default(3).describe('Length of the first training window in tests'),
    anchored: z.boolean().default(false).describe('Whether training windows all begin at the first bar, and grow'),
    ...leftOut,
  }),
  z.strictObject({
    kind: z.literal('cscv'),
    blocks: z
      .int()
      .min(4)
      .max(20)
      .multipleOf(2)
      .default(16)
      .describe('Blocks of time, each half of which chooses once, while the other half judges'),
  }),
]);
export type ValidationSpec = z.infer<typeof ValidationSpec>;

/** What was looked at, and in which words. Codes are stable; texts may change. */
const FINDING_CODES = ['deflated_sharpe', 'track_record', 'interval', 'overfitting', 'out_of_sample'] as const;

export const Finding = z.object({
  code: z.enum(FINDING_CODES),
  grade: z.enum(['for', 'unclear', 'against']).describe('What it says of the selected trial'),
  text: z.string(),
});
export type Finding = z.infer<typeof Finding>;

const Figure = z.number().nullable();

/** One fold of a hold-out or walk-forward validation. */
export const FoldReport = z.object({
  trial: z.int().describe('Number of the trial that was best in the training window'),
  inSample: Figure.describe('Its objective there'),
  outOfSample: Figure.describe('Its objective in the test'),
});
export type FoldReport = z.infer<typeof FoldReport>;

/** Whether the best trial of a search is better than luck would have it. Ratios are annual; figures that are undefined are null. */
export const ValidationReport = z.object({
  kind: z.enum(['none', 'holdout', 'walk-forward', 'cscv']),
  verdict: z.enum(['convincing', 'undecided', 'likely_luck']),
  text: z.string().describe('The verdict in plain words'),
  findings: z.array(Finding),
  trials: z.number().describe('Distinct trials that the owner ever ran on this strategy, source and symbols'),
  sharpe: Figure.describe('Of the selected trial, arithmetic, over the cash'),
  luckySharpe: Figure.describe('That the best of so many trials without any skill is expected to show'),
  deflatedSharpe: Figure.describe('Probability that the true Sharpe ratio is above 0, given the number of trials'),
  observations: z.int().describe('Daily returns'),
  minimumTrackRecord: Figure.describe('Daily returns needed to be 95 % sure of a Sharpe ratio above 0; null where it is not above 0'),
  interval: z
    .object({ low: z.number(), high: z.number(), confidence: z.number() })
    .nullable()
    .describe('Of the objective, by the stationary bootstrap; null where it is no figure of daily returns'),
  probabilityOfBacktestOverfitting: Figure.describe('Share of the splits in which the best of one half is in the worse half of the other'),
  probabilityOfLoss: Figure.describe('Share of the splits in which the best of one half loses in the other'),
  folds: z.array(FoldReport),
  efficiency: Figure.describe('Mean objective out of sample over that in sample'),
});
export type ValidationReport = z.infer<typeof ValidationReport>;
