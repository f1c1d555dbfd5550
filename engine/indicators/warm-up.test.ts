import { describe, expect, it } from 'vitest';
import { firstDecision } from './warm-up.ts';

describe('the first decision', () => {
  it('comes one bar after all indicators are valid', () => {
    expect(firstDecision(Float64Array.of(NaN, 1, 2), Float64Array.of(NaN, NaN, 2))).toBe(3);
  });

  it('comes at bar 1 without indicators', () => {
    expect(firstDecision()).toBe(1);
  });

  it('never comes where an indicator is never valid', () => {
    expect(firstDecision(Float64Array.of(NaN, NaN), Float64Array.of(1, 1))).toBeGreaterThanOrEqual(2);
  });
});
