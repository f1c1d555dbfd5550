import { describe, expect, it } from 'vitest';
import type { CurveBlock } from '../shared/series.ts';
import { barsOf } from '../test/fixtures/bars.ts';
import { createCurveFinisher } from './finish-curve.ts';

const DAY = 86_400_000;

function curveOf(ts: number[], equity: number[]): CurveBlock {
  const column = Float64Array.from(equity);
  return { ts: Float64Array.from(ts), equity: column, cash: column, exposure: new Float64Array(ts.length) };
}

describe('the finished curve', () => {
  it('has the fall from the highest equity so far, the starting cash included', () => {
    const finish = createCurveFinisher({ cash: 100, benchmark: null });
    const { drawdown, benchmark } = finish(curveOf([0, 1, 2, 3, 4], [90, 110, 55, 120, 120]));
    expect([...drawdown]).toEqual([90 / 100 - 1, 0, -0.5, 0, 0]);
    expect([...benchmark]).toEqual([NaN, NaN, NaN, NaN, NaN]);
  });

  it('has the benchmark at its last known close, bought for all the cash at its first', () => {
    const benchmark = barsOf([50, 60, 75]);
    const start = benchmark.ts[0]!;
    const finish = createCurveFinisher({ cash: 1000, benchmark });
    const times = [start - 1, start, start + DAY - 1, start + DAY, start + 2 * DAY, start + 9 * DAY];
    expect([...finish(curveOf(times, times)).benchmark]).toEqual([NaN, 1000, 1000, 1200, 1500, 1500]);
  });

  it('does not show where the curve was cut', () => {
    const benchmark = barsOf([50, 60, 75, 20]);
    const times = [...benchmark.ts].flatMap((ts) => [ts, ts + 5]);
    const equity = [100, 90, 120, 100, 130, 60, 60, 140];
    const whole = createCurveFinisher({ cash: 100, benchmark })(curveOf(times, equity));
    for (let cut = 0; cut <= times.length; cut++) {
      const finish = createCurveFinisher({ cash: 100, benchmark });
      const parts = [[0, cut] as const, [cut, times.length] as const].map(([a, b]) =>
        finish(curveOf(times.slice(a, b), equity.slice(a, b))),
      );
      for (const column of ['drawdown', 'benchmark'] as const) {
        expect(parts.flatMap((part) => [...part[column]])).toEqual([...whole[column]]);
      }
    }
  });
});
