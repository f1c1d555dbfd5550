import { HoldfastError } from '../../shared/errors.ts';
import type { ValidationSpec } from '../../shared/validation.ts';

/** Bars [from, to). */
interface BarRange {
  from: number;
  to: number;
}

/** What is chosen on `train` is judged on `test`, which lies after it. */
export interface Fold {
  train: BarRange;
  test: BarRange;
}

type Windowed = Extract<ValidationSpec, { kind: 'holdout' | 'walk-forward' }>;

/** A window below this shows nothing: no return has a deviation yet. */
const LEAST_BARS = 3;

/**
 * The windows that a validation cuts `bars` bars into, in the order of time. The last `purge` bars of each training window and the first `embargo` bars of each test
 * are left out: positions of the former reach into the test, and the latter still follow from what the training window saw. Fails with `invalid_spec` where a window
 * would be left with too few bars. R. Pardo, The Evaluation and Optimization of Trading Strategies, 2nd ed., 2008 (walk-forward analysis); M. López de Prado,
 * Advances in Financial Machine Learning, 2018, chapter 7 (purge and embargo).
 */
export function foldsOf(spec: Windowed, bars: number): Fold[] {
  const folds = (spec.kind === 'holdout' ? holdout(spec, bars) : walkForward(spec, bars)).map(({ train, test }) => ({
    train: { from: train.from, to: train.to - spec.purge },
    test: { from: test.from + spec.embargo, to: test.to },
  }));
  const shortest = Math.min(...folds.flatMap(({ train, test }) => [train.to - train.from, test.to - test.from]));
  if (shortest >= LEAST_BARS) return folds;
  throw new HoldfastError(
    'invalid_spec',
    `The validation cuts ${bars} bars into windows of which the shortest has ${Math.max(0, shortest)}; it needs ${LEAST_BARS}. Take a longer range, fewer folds, or less purge and embargo.`,
  );
}

function holdout({ share }: Extract<Windowed, { kind: 'holdout' }>, bars: number): Fold[] {
  const from = bars - Math.round(bars * share);
  return [{ train: { from: 0, to: from }, test: { from, to: bars } }];
}

/** Tests of equal length, back to back up to the last bar. The oldest bars that do not divide lie in the first training window only if that grows. */
function walkForward({ folds, trainTests, anchored }: Extract<Windowed, { kind: 'walk-forward' }>, bars: number): Fold[] {
  const length = Math.floor(bars / (trainTests + folds));
  const firstTest = bars - folds * length;
  const trained = Math.min(firstTest, Math.floor(trainTests * length));
  return Array.from({ length: folds }, (_, k) => {
    const from = firstTest + k * length;
    return { train: { from: anchored ? 0 : from - trained, to: from }, test: { from, to: from + length } };
  });
}
