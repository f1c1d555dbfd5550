import { describe, expect, it } from 'vitest';
import { nextUniform, seededState } from '../seeded-random.ts';
import { backtestOverfitting, blockSums, overfittingOf } from './overfitting.ts';

const column = (...returns: number[]) => Float64Array.from(returns);

function noise(trials: number, length: number, drift: (trial: number) => number = () => 0): Float64Array[] {
  const random = seededState(11);
  return Array.from({ length: trials }, (_, trial) => Float64Array.from({ length }, () => nextUniform(random) - 0.5 + drift(trial)));
}

describe('the probability of backtest overfitting', () => {
  it('is 1 where the best of one half is always the worst of the other', () => {
    const { probability, logits, inSample, outOfSample, probabilityOfLoss } = backtestOverfitting(
      [column(3, 1, -3, -1), column(-3, -1, 3, 1)],
      2,
    );
    expect(probability).toBe(1);
    expect(probabilityOfLoss).toBe(1);
    // Rank 1 of 2: ω = 1/3.
    expect([...logits]).toEqual([Math.log(1 / 2), Math.log(1 / 2)].map((logit) => expect.closeTo(logit, 14) as number));
    // Mean 2, deviation √2.
    expect([...inSample]).toEqual([expect.closeTo(Math.SQRT2, 14), expect.closeTo(Math.SQRT2, 14)]);
    expect([...outOfSample]).toEqual([expect.closeTo(-Math.SQRT2, 14), expect.closeTo(-Math.SQRT2, 14)]);
  });

  it('is 0 where one trial is best in every half', () => {
    const trials = noise(20, 320, (trial) => (trial === 4 ? 1 : 0));
    expect(backtestOverfitting(trials)).toMatchObject({ probability: 0, probabilityOfLoss: 0 });
  });

  it('is about one half where no trial has any skill', () => {
    const { probability, logits } = backtestOverfitting(noise(100, 1600));
    expect(logits).toHaveLength(12_870);
    expect(probability).toBeGreaterThan(0.2);
    expect(probability).toBeLessThan(0.8);
  });

  it('is the same from sums that were made elsewhere, trial by trial', () => {
    const trials = noise(6, 83);
    const sums = trials.map((column) => blockSums(column, 8));
    expect(overfittingOf(sums, Math.floor(83 / 8))).toEqual(backtestOverfitting(trials, 8));
  });

  it('leaves out the oldest returns when they do not divide', () => {
    const whole = noise(5, 64);
    const longer = whole.map((values) => Float64Array.from([9, -9, 9, ...values]));
    expect(backtestOverfitting(longer, 4)).toEqual(backtestOverfitting(whole, 4));
  });

  it('takes a trial that did nothing as one with a ratio of 0, and lets equal ones share their rank', () => {
    const idle = new Float64Array(8);
    const { logits, probability } = backtestOverfitting([idle, idle, idle], 4);
    expect([...new Set(logits)]).toEqual([0]);
    expect(probability).toBe(1);
  });

  it('sees nothing in the half in which a trial did nothing', () => {
    const early = Float64Array.from({ length: 40 }, (_, i) => (i < 20 ? 0.013 - (i % 3) * 0.007 : 0));
    const { outOfSample } = backtestOverfitting([early, new Float64Array(40)], 2);
    expect([...outOfSample]).toContain(0);
  });

  it('is undefined for one trial, and for less than a return a block', () => {
    expect(backtestOverfitting(noise(1, 64)).probability).toBeNaN();
    expect(backtestOverfitting([]).probability).toBeNaN();
    expect(backtestOverfitting(noise(3, 15)).probability).toBeNaN();
  });
});
