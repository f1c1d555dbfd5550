import * as z from 'zod';

const drift = z.number().min(-10).max(10);
const volatility = z.number().min(0).max(10);

/** Parameters of the seeded random walk behind `"source": "synthetic"`. docs/data.md has its formulas. */
export const SyntheticSpec = z.strictObject({
  bars: z.int().min(2).max(50_000_000).describe('Bars per symbol'),
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(7),
  startPrice: z.number().positive().max(1e9).default(100),
  drift: drift.default(0.05).describe('Expected log return a year'),
  volatility: volatility.default(0.2).describe('Standard deviation of the log return a year'),
  jumps: z
    .strictObject({
      perYear: z.number().positive().max(100_000),
      mean: z.number().min(-1).max(1).default(0).describe('Of the log return of a jump'),
      deviation: z.number().min(0).max(1).default(0.05).describe('Of the log return of a jump'),
    })
    .optional()
    .describe('Besides the walk, of each symbol for itself, one in a bar at most'),
  regimes: z
    .array(z.strictObject({ drift, volatility, days: z.number().positive().max(1e6).describe('How long it lasts on average') }))
    .min(2)
    .max(8)
    .optional()
    .describe('Instead of drift and volatility: the market begins in the first, and goes from each to any other'),
  correlation: z.number().min(0).max(1).default(0).describe('Of the log returns of any two symbols, jumps aside'),
  seasonality: z
    .number()
    .min(0)
    .max(0.9)
    .default(0)
    .describe(
      'Bars below a day: variance and volume at noon are lower than on average by this share, and twice that higher at midnight (UTC)',
    ),
});
export type SyntheticSpec = z.infer<typeof SyntheticSpec>;
