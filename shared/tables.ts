import * as z from 'zod';

const fraction = z.number().nullable();
const time = z.string().describe('ISO 8601, UTC');
const date = z.string().describe('A day in the time zone of the data, YYYY-MM-DD');

/** What an account did in a month or a year, and its benchmark beside it. */
export const PeriodReturn = z.object({
  period: z.string().describe('A month in the time zone of the data, YYYY-MM, or a year, YYYY'),
  return: fraction.describe(
    'Last equity of the period over that of the period before (of the first: the starting cash), minus one; null after ruin',
  ),
  benchmark: fraction.describe('The same of the benchmark; null without one'),
});
export type PeriodReturn = z.infer<typeof PeriodReturn>;

export const DrawdownRow = z.object({
  start: time.describe('The peak'),
  trough: time.describe('The lowest close'),
  recovery: time.nullable().describe('The first close that is back at the peak; null while it lasts'),
  depth: z.number().describe('Trough over peak, minus one: a fraction < 0'),
  days: z.number().describe('Calendar days from the peak to the recovery, or to the last bar'),
});
export type DrawdownRow = z.infer<typeof DrawdownRow>;

export const RollingSharpe = z.object({
  window: z.int().describe('Daily returns in each ratio'),
  date: z.array(date).describe('The last day of each window'),
  sharpe: z.array(fraction).describe('By the conventions of the spec, annualised'),
});
export type RollingSharpe = z.infer<typeof RollingSharpe>;

export const Histogram = z.object({
  edges: z.array(z.number()).describe('Edges of the bins, one more than bins; each bin holds its lower edge, the last one both'),
  counts: z.array(z.int()).describe('Days in each bin'),
});
export type Histogram = z.infer<typeof Histogram>;

/** One point a closed trade, in columns. */
export const TradePoints = z.object({
  trades: z.int().describe('Closed trades there are; where they are more than the points, these are taken evenly'),
  exit: z.array(time),
  return: z.array(fraction).describe('Profit after fees over the money of the entry'),
  mae: z.array(fraction).describe('Worst move of the price against the entry while the trade was open, a fraction ≤ 0'),
  mfe: z.array(fraction).describe('Best move of the price, a fraction ≥ 0'),
  days: z.array(z.number()).describe('Calendar days from entry to exit'),
});
export type TradePoints = z.infer<typeof TradePoints>;

export const HoldingTimes = z.object({
  trades: z.int(),
  meanDays: fraction.describe('Calendar days from entry to exit'),
  medianDays: fraction,
  longestDays: fraction,
  meanBars: fraction.describe('Bars from entry to exit'),
});
export type HoldingTimes = z.infer<typeof HoldingTimes>;

/** What a run looked like over time and trade by trade: for tables and charts. Fractions as everywhere: 0.12 is 12 %. */
export const AnalysisTables = z.object({
  monthlyReturns: z.array(PeriodReturn),
  yearlyReturns: z.array(PeriodReturn),
  drawdowns: z.array(DrawdownRow).describe('The deepest first'),
  rollingSharpe: RollingSharpe,
  returnHistogram: Histogram.describe('Daily returns'),
  tradePoints: TradePoints,
  holdingTimes: z
    .object({ all: HoldingTimes, wins: HoldingTimes, losses: HoldingTimes })
    .describe('Closed trades; those without profit or loss count in all only'),
});
export type AnalysisTables = z.infer<typeof AnalysisTables>;
