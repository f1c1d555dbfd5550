import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ValidationSpec } from '../../shared/validation.ts';
import { foldsOf } from './windows.ts';

type Windowed = Parameters<typeof foldsOf>[0];

const specOf = (spec: object): Windowed => ValidationSpec.parse(spec) as Windowed;
const range = (from: number, to: number) => ({ from, to });

describe('the windows of a validation', () => {
  it('of a hold-out are the first bars and the last ones', () => {
    expect(foldsOf(specOf({ kind: 'holdout', share: 0.25 }), 100)).toEqual([{ train: range(0, 75), test: range(75, 100) }]);
  });

  it('roll through time, each training window as long as the first', () => {
    // 103 bars: (2 + 3) × 20 and three that do not divide, which are the oldest.
    expect(foldsOf(specOf({ kind: 'walk-forward', folds: 3, trainTests: 2 }), 103)).toEqual([
      { train: range(3, 43), test: range(43, 63) },
      { train: range(23, 63), test: range(63, 83) },
      { train: range(43, 83), test: range(83, 103) },
    ]);
  });

  it('grow from the first bar where they are anchored', () => {
    const folds = foldsOf(specOf({ kind: 'walk-forward', folds: 2, trainTests: 2, anchored: true }), 41);
    expect(folds).toEqual([
      { train: range(0, 21), test: range(21, 31) },
      { train: range(0, 31), test: range(31, 41) },
    ]);
  });

  it('leave out bars on both sides of where a test begins', () => {
    const [fold] = foldsOf(specOf({ kind: 'holdout', share: 0.5, purge: 5, embargo: 3 }), 100);
    expect(fold).toEqual({ train: range(0, 45), test: range(53, 100) });
  });

  it('are refused where one would be too short, with the number of bars', () => {
    const spec = specOf({ kind: 'walk-forward', folds: 10, purge: 20 });
    expect(() => foldsOf(spec, 100)).toThrow(/cuts 100 bars .* shortest has 1; it needs 3/);
    expect(() => foldsOf(specOf({ kind: 'holdout' }), 0)).toThrow(/shortest has 0/);
  });

  it('never let a test see what chose for it, whatever the numbers', () => {
    const walk = fc.record({
      folds: fc.integer({ min: 2, max: 12 }),
      trainTests: fc.double({ min: 0.5, max: 6, noNaN: true }),
      anchored: fc.boolean(),
      purge: fc.integer({ min: 0, max: 9 }),
      embargo: fc.integer({ min: 0, max: 9 }),
      bars: fc.integer({ min: 600, max: 5_000 }),
    });
    fc.assert(
      fc.property(walk, ({ bars, ...spec }) => {
        const folds = foldsOf(specOf({ kind: 'walk-forward', ...spec }), bars);
        expect(folds).toHaveLength(spec.folds);
        expect(folds.at(-1)!.test.to).toBe(bars);
        for (const { train, test } of folds) {
          expect(train.from).toBeGreaterThanOrEqual(0);
          expect(test.from - train.to).toBe(spec.purge + spec.embargo);
        }
        const lengths = new Set(folds.map(({ test }) => test.to - test.from));
        expect(lengths.size).toBe(1);
        if (!spec.anchored) expect(new Set(folds.map(({ train }) => train.to - train.from)).size).toBe(1);
      }),
    );
  });
});
