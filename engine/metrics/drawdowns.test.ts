import { describe, expect, it } from 'vitest';
import { createDrawdowns } from './drawdowns.ts';

const DAY = 86_400_000;

function drawdowns(equity: number[], cash = 100) {
  const follow = createDrawdowns(cash);
  follow.add(
    Float64Array.from(equity, (_, i) => i * DAY),
    Float64Array.from(equity),
  );
  return follow.finish();
}

describe('drawdowns', () => {
  it('go from a peak to the first bar that is back at it', () => {
    // 100 → 80 → 100 (2 days, 20 %), 200 → 150 → 100 → 200 (3 days, 50 %).
    const { maxDrawdown, maxDrawdownDuration, avgDrawdown, ulcerIndex } = drawdowns([100, 80, 100, 200, 150, 100, 200, 210]);
    expect(maxDrawdown).toBe(-0.5);
    expect(maxDrawdownDuration).toBe(3);
    expect(avgDrawdown).toBeCloseTo((-0.2 - 0.5) / 2, 15);
    // Falls of 20, 25 and 50 % on three bars of eight.
    expect(ulcerIndex).toBeCloseTo(Math.sqrt((0.04 + 0.0625 + 0.25) / 8), 15);
  });

  it('count to the last bar when they still last', () => {
    expect(drawdowns([100, 110, 99, 105, 108, 109])).toEqual({
      maxDrawdown: 99 / 110 - 1,
      maxDrawdownDuration: 4,
      avgDrawdown: 99 / 110 - 1,
      ulcerIndex: expect.closeTo(Math.sqrt((11 * 11 + 5 * 5 + 2 * 2 + 1) / (110 * 110) / 6), 14) as number,
    });
  });

  it('start from the cash', () => {
    expect(drawdowns([90, 95]).maxDrawdown).toBeCloseTo(-0.1, 15);
  });

  it('can be deeper than the whole account', () => {
    expect(drawdowns([100, -50]).maxDrawdown).toBe(-1.5);
  });

  it('are none on the way up', () => {
    expect(drawdowns([100, 100, 101])).toEqual({ maxDrawdown: 0, maxDrawdownDuration: 0, avgDrawdown: NaN, ulcerIndex: 0 });
  });
});
