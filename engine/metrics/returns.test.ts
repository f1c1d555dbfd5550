import { describe, expect, it } from 'vitest';
import {
  annualReturn,
  cagr,
  compoundedVolatility,
  downsideDeviation,
  geometricSharpe,
  geometricSortino,
  omega,
  periodsPerYear,
  returnSeries,
  sharpe,
  sortino,
  volatility,
} from './returns.ts';

/** A series with these returns, as near as a curve can give them. */
function seriesOf(returns: number[], periods = 252, ddof = 1) {
  const curve = [1];
  for (const r of returns) curve.push(curve.at(-1)! * (1 + r));
  return returnSeries(Float64Array.from(curve), { periodsPerYear: periods, ddof });
}

describe('the annual rates', () => {
  it('are taken off as their share of a period', () => {
    const returns = [0.02, -0.01, 0.03, 0];
    // Mean 0.01; less 0.04 / 4 nothing is left.
    expect(sharpe(seriesOf(returns, 4), 0.04)).toBeCloseTo(0, 12);
    // Against 0.01 a period the shortfalls are 0.02 and 0.01: √((4 + 1) e-4 / 4) × √4.
    expect(downsideDeviation(seriesOf(returns, 4), 0.04)).toBeCloseTo(Math.sqrt(5e-4), 12);
    expect(sortino(seriesOf(returns, 4), 0.04)).toBeCloseTo(0, 12);
    expect(sortino(seriesOf(returns, 1), 0.005)).toBeCloseTo(0.005 / Math.sqrt((0.015 * 0.015 + 0.005 * 0.005) / 4), 12);
    // Above 0.01: 0.01 + 0.02. Below: 0.02 + 0.01.
    expect(omega(seriesOf(returns, 4), 0.04)).toBeCloseTo(1, 12);
    expect(omega(seriesOf(returns, 4), 0)).toBeCloseTo(5, 12);
  });
});

describe('the geometric ratios', () => {
  it('are made of the compounded return and deviation of a year', () => {
    // Two periods a year: 1.1 × 0.9 = 0.99. Deviations 0.1 and -0.1: variance 0.02, over the geometric mean √0.99.
    const series = seriesOf([0.1, -0.1], 2);
    const deviation = Math.sqrt((0.02 + 0.99) * (0.02 + 0.99) - 0.99 * 0.99);
    expect(annualReturn(series)).toBeCloseTo(-0.01, 14);
    expect(compoundedVolatility(series)).toBeCloseTo(deviation, 14);
    expect(geometricSharpe(series, 0.02)).toBeCloseTo(-0.03 / deviation, 13);
    expect(geometricSortino(series, 0)).toBeCloseTo(-0.01 / 0.1, 13);
  });

  it('keep their digits where returns hardly vary', () => {
    // σ√P (1 + ½ (P - 1) σ² / 2 + …) with σ = 1e-6, and next to no growth.
    const series = seriesOf([1e-6, -1e-6, 1e-6, -1e-6], 252, 0);
    expect(compoundedVolatility(series) / (1e-6 * Math.sqrt(252))).toBeCloseTo(1, 9);
  });
});

describe('the denominator of a variance', () => {
  it('is n - 1, or n where that is asked for', () => {
    expect(volatility(seriesOf([0.1, -0.1], 1))).toBeCloseTo(Math.sqrt(0.02), 14);
    expect(volatility(seriesOf([0.1, -0.1], 1, 0))).toBeCloseTo(0.1, 14);
  });
});

describe('the compound annual growth rate', () => {
  it('is the whole loss when nothing is left, and undefined beyond', () => {
    expect(cagr(-1, 2)).toBe(-1);
    expect(cagr(-1.5, 2)).toBeNaN();
    expect(cagr(0.5, 0)).toBeNaN();
  });
});

describe('the periods a year', () => {
  it('are 252 on weekdays, 365 with weekends, and fewer where bars are further apart than days', () => {
    expect(periodsPerYear({ tradesOnWeekends: false, daysBetween: 1.45 })).toBe(252);
    expect(periodsPerYear({ tradesOnWeekends: true, daysBetween: 1 })).toBe(365);
    expect(periodsPerYear({ tradesOnWeekends: true, daysBetween: 7 })).toBeCloseTo(52.18, 2);
  });
});

describe('returns that do not vary', () => {
  it('have no Sharpe ratio, however they were rounded', () => {
    const values = Float64Array.from({ length: 1000 }, (_, i) => Math.exp(0.0123 * i));
    const steady = returnSeries(values, { periodsPerYear: 252, ddof: 1 });
    expect(new Set(steady.returns).size).toBeGreaterThan(1);
    expect(Number.isFinite(sharpe(steady, 0))).toBe(false);
    expect(volatility(steady)).toBe(0);
  });

  it('have no deviation when there is only one', () => {
    expect(volatility(seriesOf([0.1]))).toBeNaN();
  });
});
