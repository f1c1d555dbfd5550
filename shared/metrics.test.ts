import { describe, expect, it } from 'vitest';
import { SWEEP_METRICS } from './account-metrics.ts';
import { METRICS, Metrics } from './metrics.ts';

/** What the HTTP contract promises. */
const PROMISED =
  'totalReturn cagr volatility sharpe sortino calmar omega treynor maxDrawdown maxDrawdownDuration avgDrawdown exposure trades winRate profitFactor payoffRatio expectancy sqn kelly avgTrade bestTrade worstTrade longestWin longestLoss turnover fees alpha beta informationRatio trackingError valueAtRisk95 conditionalValueAtRisk95 skewness kurtosis ulcerIndex tailRatio probabilisticSharpe';

describe('the metrics', () => {
  it('are all that the contract names', () => {
    expect(Object.keys(METRICS).toSorted()).toEqual(PROMISED.split(' ').toSorted());
    expect(Object.keys(SWEEP_METRICS)).toEqual(['deflatedSharpe', 'probabilityOfBacktestOverfitting']);
  });

  it('may be null but for those that every run has', () => {
    const never = ['fees', 'trades', 'longestWin', 'longestLoss'];
    const nothing = Object.fromEntries(Object.keys(METRICS).map((name) => [name, never.includes(name) ? 0 : null]));
    expect(Metrics.safeParse(nothing).success).toBe(true);
    for (const name of never) expect(Metrics.safeParse({ ...nothing, [name]: null }).success).toBe(false);
    expect(Metrics.safeParse({ ...nothing, trades: 1.5 }).success).toBe(false);
    expect(Metrics.safeParse({ ...nothing, sharpe: NaN }).success).toBe(false);
  });

  it('say in the schema what they are', () => {
    for (const [name, { title, formula }] of Object.entries(METRICS)) {
      expect(Metrics.shape[name as keyof typeof METRICS].description).toContain(`${title}: ${formula}`);
    }
  });
});
