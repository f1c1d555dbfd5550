import { expect, it } from 'vitest';
import { SweepSpec, type SweepSpecInput } from '../../shared/sweep-spec.ts';
import { compareRankings, type NightOfTrials } from './compare-rankings.ts';
import { planOf } from './plan.ts';
import { rankTrials } from './ranked-trials.ts';

/** A sweep over `fast` whose trials have these objectives. */
function nightOf(objectives: readonly number[], changes: Partial<SweepSpecInput> = {}): NightOfTrials {
  const spec = SweepSpec.parse({
    data: { source: 'sample', symbols: ['AAPL'] },
    strategy: { name: 'sma-cross', params: { slow: 50 } },
    space: { fast: { min: 2, max: 1 + objectives.length, step: 1 } },
    ...changes,
  });
  const plan = planOf(spec);
  const count = objectives.length;
  const other = new Float64Array(count);
  const rows = {
    trial: Float64Array.from({ length: count }, (_, k) => k),
    cached: other,
    points: plan.sequence().points(0, count),
    figures: { totalReturn: other, sharpe: Float64Array.from(objectives), maxDrawdown: other, trades: other },
  };
  return { spec, plan, trials: rankTrials(plan, 'max', rows) };
}

const ranks = (before: NightOfTrials | null, after: NightOfTrials) =>
  compareRankings(before, after).top.map(({ params, rank }) => [params['fast'], rank.before, rank.after]);

it('the best trials of a night are listed with where they stood before, and those that fell behind them', () => {
  const before = nightOf([12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1]);
  const after = nightOf([0, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 12]);
  const { best } = compareRankings(before, after);
  expect(best).toMatchObject({ before: { params: { fast: 2 }, objective: 12, rank: 1 }, after: { params: { fast: 13 }, objective: 12 } });
  expect(ranks(before, after)).toEqual([
    [13, 12, 1],
    [3, 2, 2],
    [4, 3, 3],
    [5, 4, 4],
    [6, 5, 5],
    [7, 6, 6],
    [8, 7, 7],
    [9, 8, 8],
    [10, 9, 9],
    [11, 10, 10],
    [2, 1, 12],
  ]);
});

it('trials are found by all of their parameters, whatever their numbers', () => {
  const before = nightOf([1, 2]);
  // The same points in another order, and one that was not tried.
  const after = nightOf([5, 4, 3], { space: { fast: { values: [9, 3, 2] } } });
  expect(ranks(before, after)).toEqual([
    [9, null, 1],
    [3, 1, 2],
    [2, 2, 3],
  ]);
  const other = nightOf([5, 4], { strategy: { name: 'sma-cross', params: { slow: 60 } } });
  expect(ranks(before, other)).toEqual([
    [2, null, 1],
    [3, null, 2],
    [3, 1, null],
    [2, 2, null],
  ]);
});

it('the first night has nothing before it, and a trial without an objective no rank', () => {
  const { best, top } = compareRankings(null, nightOf([NaN, 1]));
  expect(best.before).toBeNull();
  expect(top).toEqual([{ params: { fast: 3 }, rank: { before: null, after: 1 }, objective: { before: null, after: 1 } }]);
  expect(ranks(nightOf([1, NaN]), nightOf([NaN, 1]))).toEqual([
    [3, null, 1],
    [2, 1, null],
  ]);
});
