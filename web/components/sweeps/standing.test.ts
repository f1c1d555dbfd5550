import { describe, expect, it } from 'vitest';
import { standingOf } from './standing.ts';

/** `robust` is the mean of the trial and its neighbours. */
const trial = (objective: number, around: readonly number[]) => ({
  objective,
  robust: (objective + around.reduce((sum, value) => sum + value, 0)) / (around.length + 1),
  neighbours: around.length,
});

describe('how a trial stands', () => {
  it('is on a plateau where its neighbours are nearly as good', () => {
    expect(standingOf(trial(1.2, [1.1, 1, 0.9, 1]), 'max')).toBe('plateau');
    expect(standingOf(trial(0.1, [0.12, 0.11]), 'min')).toBe('plateau');
  });

  it('is a lonely peak where they have lost more than half of it', () => {
    expect(standingOf(trial(1.2, [0.2, 0.1, 0.3, -0.4]), 'max')).toBe('peak');
    expect(standingOf(trial(0.1, [0.5, 0.6]), 'min')).toBe('peak');
  });

  it('is not judged without neighbours, or without an objective', () => {
    expect(standingOf({ objective: 1, robust: 1, neighbours: 0 }, 'max')).toBe('alone');
    expect(standingOf({ objective: null, robust: null, neighbours: 4 }, 'max')).toBe('none');
  });
});
