import * as z from 'zod';

const ratio = z.number().nullable();

/**
 * The headline figures of a run. Returns are fractions (0.12 is 12 %); a figure that is undefined for the run is null,
 * never NaN. Formulas and sources stand at the functions of `engine/metrics/` that compute them.
 */
export const Metrics = z.object({
  totalReturn: ratio.describe('Last equity over starting cash, minus one'),
  cagr: ratio.describe('Compound annual growth rate, by calendar days'),
  volatility: ratio.describe('Standard deviation of daily returns, annualised'),
  sharpe: ratio.describe('Mean daily excess return over its standard deviation, annualised'),
  sortino: ratio.describe('Mean daily excess return over its downside deviation, annualised'),
  calmar: ratio.describe('CAGR over the absolute maximum drawdown'),
  maxDrawdown: ratio.describe('Deepest fall of equity from its peak so far, negative'),
  maxDrawdownDuration: ratio.describe('Longest time below a peak, in days'),
  avgDrawdown: ratio.describe('Mean depth of the drawdowns, negative'),
  exposure: ratio.describe('Share of bars with an open position'),
  trades: z.int().nonnegative().describe('Closed trades'),
  winRate: ratio.describe('Share of closed trades with a profit after fees'),
  profitFactor: ratio.describe('Sum of profits over sum of losses'),
  payoffRatio: ratio.describe('Mean profit over mean loss'),
  expectancy: ratio.describe('Mean return of a closed trade'),
  avgTrade: ratio.describe('Mean profit of a closed trade, in account currency'),
  bestTrade: ratio.describe('Highest return of a closed trade'),
  worstTrade: ratio.describe('Lowest return of a closed trade'),
  longestWin: z.int().nonnegative().describe('Most winning trades in a row'),
  longestLoss: z.int().nonnegative().describe('Most losing trades in a row'),
  turnover: ratio.describe('Traded money over mean equity, a year'),
  fees: z.number().describe('Fees paid, in account currency'),
});
export type Metrics = z.infer<typeof Metrics>;
