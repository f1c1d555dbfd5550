import { describe, expect, it } from 'vitest';
import { returnSeries } from './returns.ts';
import { tails, type TailMethod } from './tails.ts';

/** Of the values themselves; what else a series holds does not matter to tails. */
function seriesOf(returns: number[]) {
  const values = new Float64Array(returns.length + 1).fill(1);
  for (let i = 0; i < returns.length; i++) values[i + 1] = values[i]! * (1 + returns[i]!);
  return returnSeries(values, { periodsPerYear: 252, ddof: 1 });
}

const tailsOf = (returns: number[], method: TailMethod) => tails(seriesOf(returns), method);

describe('the tails of daily returns', () => {
  // Place 0.05 × 40 = 2 of -0.5, -0.25, -0.25, -0.25, 0 …: no interpolation.
  const returns = [...Array.from({ length: 37 }, () => 0), -0.25, -0.5, -0.25, -0.25];

  it('take all that are as low as the value at risk into its mean, or only as many as lie up to its place', () => {
    const historical = tailsOf(returns, 'historical');
    expect(historical.valueAtRisk95).toBe(-0.25);
    expect(historical.conditionalValueAtRisk95).toBeCloseTo((-0.5 - 3 * 0.25) / 4, 14);
    const lower = tailsOf(returns, 'historical-lower');
    expect(lower.valueAtRisk95).toBe(-0.25);
    expect(lower.conditionalValueAtRisk95).toBeCloseTo((-0.5 - 2 * 0.25) / 3, 14);
  });

  it('are compared by their distance from 0', () => {
    // 21 values from -0.5 to 1.5: places 1 and 19.
    const steps = Array.from({ length: 21 }, (_, i) => -0.5 + i * 0.1);
    expect(tailsOf(steps, 'historical').tailRatio).toBeCloseTo(1.4 / 0.4, 12);
  });

  it('are undefined without returns, and where one is not finite', () => {
    const undefinedTails = { valueAtRisk95: NaN, conditionalValueAtRisk95: NaN, tailRatio: NaN };
    for (const method of ['historical', 'historical-lower', 'normal'] as const) {
      expect(tailsOf([], method)).toEqual(undefinedTails);
      expect(tails(returnSeries(Float64Array.of(1, 0, 1, 2), { periodsPerYear: 252, ddof: 1 }), method)).toEqual(undefinedTails);
    }
  });
});
