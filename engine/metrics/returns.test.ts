import { describe, expect, it } from 'vitest';
import { readReference, readReferenceMetrics } from '../../test/fixtures/oracles.ts';
import { createDrawdowns } from './drawdowns.ts';
import { cagr, calmar, periodsPerYear, sharpe, sortino, totalReturn, volatility, yearsBetween } from './returns.ts';

const reference = readReferenceMetrics();
const expected = (name: string) => reference.get(name)!.value;

function seriesOf(name: string) {
  const returns = Float64Array.from(reference.get(`${name}.sharpe`)!.returns.filter((value) => value !== null));
  return { returns, periodsPerYear: 252 };
}

describe.each(['mixed', 'negative', 'positive'])('over the reference returns "%s"', (name) => {
  const series = seriesOf(name);

  it('Sharpe ratio and volatility are those of the reference', () => {
    expect(sharpe(series, 0) / expected(`${name}.sharpe`)).toBeCloseTo(1, 9);
    expect(volatility(series) / expected(`${name}.annualVolatility`)).toBeCloseTo(1, 9);
  });

  it('the Sortino ratio is that of the reference, infinite without a loss', () => {
    expect(1 / sortino(series, 0)).toBeCloseTo(1 / (reference.get(`${name}.sortino`)?.value ?? Infinity), 12);
  });

  it('total return, maximum drawdown and Calmar ratio are those of the reference', () => {
    const equity = Float64Array.from(series.returns);
    equity.reduce((value, r, i) => (equity[i] = value * (1 + r)), 1);
    expect(totalReturn(1, equity.at(-1)!)).toBeCloseTo(expected(`${name}.cumulativeReturn`), 12);
    const drawdowns = createDrawdowns(1);
    drawdowns.add(
      equity.map((_, i) => i),
      equity,
    );
    const { maxDrawdown } = drawdowns.finish();
    // The references leave out what is 0 or divided by it.
    expect(maxDrawdown).toBeCloseTo(reference.get(`${name}.maxDrawdown`)?.value ?? 0, 12);
    const calmarReference = reference.get(`${name}.calmar`)?.value ?? Infinity;
    expect(1 / calmar(expected(`${name}.annualReturn`), maxDrawdown)).toBeCloseTo(1 / calmarReference, 11);
  });
});

describe('the annual rates', () => {
  it('are taken off as their share of a period', () => {
    const series = { returns: Float64Array.of(0.02, -0.01, 0.03, 0), periodsPerYear: 4 };
    // Mean 0.01; less 0.04 / 4 nothing is left.
    expect(sharpe(series, 0.04)).toBeCloseTo(0, 12);
    // Against 0.01 a period the shortfalls are 0.02 and 0.01: √((4 + 1) e-4 / 4).
    expect(sortino(series, 0.04)).toBeCloseTo(0, 12);
    expect(sortino({ ...series, periodsPerYear: 1 }, 0.005)).toBeCloseTo(0.005 / Math.sqrt((0.015 * 0.015 + 0.005 * 0.005) / 4), 12);
  });
});

describe('the compound annual growth rate', () => {
  it('goes by calendar days', () => {
    const { bars, equity } = readReference('01_aapl_sma5_20_long');
    const years = yearsBetween(bars.ts[0]!, bars.ts.at(-1)!);
    expect(cagr(totalReturn(10_000, equity.at(-1)!), years) / expected('equity01.cagrCalendar')).toBeCloseTo(1, 9);
  });

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
  it('have no Sharpe ratio, however their mean was rounded', () => {
    expect(Number.isFinite(sharpe({ returns: new Float64Array(1000).fill(0.1), periodsPerYear: 252 }, 0))).toBe(false);
    expect(volatility({ returns: Float64Array.of(0.1), periodsPerYear: 252 })).toBeNaN();
  });
});
