import { describe, expect, it } from 'vitest';
import { MetricSpec } from '../../shared/spec.ts';
import { momentsOfReturns, deviation } from '../metrics/moments.ts';
import { deflatedSharpe } from '../metrics/sharpe-inference.ts';
import { nextUniform, seededState } from '../seeded-random.ts';
import { figureOfReturns } from './figure-of-returns.ts';
import { backtestOverfitting } from './overfitting.ts';
import { selectByFold, validateSelection, type Selection } from './validate-selection.ts';
import { foldsOf } from './windows.ts';

const PERIODS = 252;
const conventions = { ...MetricSpec.parse({}), periodsPerYear: PERIODS };
const sharpe = figureOfReturns('sharpe', conventions)!;

/** Columns of daily returns with a deviation of 1 %; `drift` a day is what a trial really earns. */
function trials(count: number, days: number, drift: (trial: number) => number, seed = 5): Float64Array[] {
  const random = seededState(seed);
  const uniform = () => (nextUniform(random) - 0.5) * 0.01 * Math.sqrt(12);
  return Array.from({ length: count }, (_, trial) => Float64Array.from({ length: days }, () => uniform() + drift(trial)));
}

/** What a search over these trials would hand in. */
function searched(columns: Float64Array[]): Selection {
  const ratios = columns.map((column) => sharpe(column) / Math.sqrt(PERIODS));
  const best = ratios.indexOf(Math.max(...ratios));
  const { squares, count } = momentsOfReturns(Float64Array.from(ratios));
  const walk = foldsOf({ kind: 'walk-forward', folds: 4, trainTests: 2, anchored: false, purge: 0, embargo: 0 }, columns[0]!.length);
  return {
    kind: 'walk-forward',
    returns: columns[best]!,
    periodsPerYear: PERIODS,
    riskFreeRate: 0,
    seed: 7,
    trials: { trials: columns.length, variance: squares / (count - 1) },
    objective: { figure: sharpe, neutral: 0, direction: 'max' },
    overfitting: backtestOverfitting(columns, 10),
    folds: selectByFold(walk, ({ from, to }) => Float64Array.from(columns, (column) => sharpe(column.subarray(from, to))), 'max'),
  };
}

describe('the best of many trials', () => {
  it('without any skill is seen as luck, with a probability of overfitting near one half', () => {
    const reports = [1, 2, 3, 4, 5, 6].map((seed) => validateSelection(searched(trials(60, 1_000, () => 0, seed))));
    const mean = reports.reduce((sum, { probabilityOfBacktestOverfitting: pbo }) => sum + pbo!, 0) / reports.length;
    expect(mean).toBeGreaterThan(0.35);
    expect(mean).toBeLessThan(0.65);
    expect(reports.map(({ verdict }) => verdict)).not.toContain('convincing');
    expect(reports.map(({ deflatedSharpe: dsr }) => dsr! < 0.95)).not.toContain(false);
    // Taken alone, most of them would have passed for skill.
    expect(reports.filter(({ sharpe: own }) => own! > 0.8).length).toBeGreaterThan(3);
  });

  it('with a true edge is convincing, with a probability of overfitting near 0', () => {
    const report = validateSelection(searched(trials(60, 1_000, (trial) => (trial === 17 ? 0.004 : 0))));
    expect(report).toMatchObject({
      verdict: 'convincing',
      probabilityOfBacktestOverfitting: 0,
      probabilityOfLoss: 0,
      trials: 60,
      observations: 1_000,
    });
    expect(report.findings.map(({ grade }) => grade)).toEqual(['for', 'for', 'for', 'for', 'for']);
    expect(report.folds.map(({ trial }) => trial)).toEqual([17, 17, 17, 17]);
    expect(report.interval!.low).toBeGreaterThan(0);
    expect(report.interval!.high).toBeGreaterThan(report.sharpe!);
    expect(report.text).toMatch(/better than luck/);
  });

  it('is undecided where a good one was watched for too short a time', () => {
    const selection = searched(trials(1, 60, () => 0.001));
    const report = validateSelection({ ...selection, kind: 'none', folds: [], overfitting: { probability: NaN, probabilityOfLoss: NaN } });
    expect(report.verdict).toBe('undecided');
    expect(report.minimumTrackRecord).toBeGreaterThan(report.observations);
    expect(report.findings.map(({ code }) => code)).toEqual(['deflated_sharpe', 'track_record', 'interval']);
  });

  it('counts all trials that were ever made, not only those of the last search', () => {
    const selection = searched(trials(20, 500, (trial) => (trial === 3 ? 0.001 : 0)));
    const more = { ...selection, trials: { ...selection.trials, trials: 1e6 } };
    expect(validateSelection(more).deflatedSharpe!).toBeLessThan(validateSelection(selection).deflatedSharpe!);
    expect(validateSelection(more).luckySharpe!).toBeGreaterThan(validateSelection(selection).luckySharpe!);
    const { squares, cubes, fourths, ...moments } = momentsOfReturns(selection.returns);
    const variance = squares / moments.count;
    const estimate = {
      sharpe: moments.mean / deviation({ squares, count: moments.count }, 1),
      observations: 500,
      skewness: cubes / moments.count / (variance * Math.sqrt(variance)),
      kurtosis: fourths / moments.count / (variance * variance),
    };
    expect(validateSelection(selection).deflatedSharpe).toBeCloseTo(deflatedSharpe(estimate, selection.trials), 12);
  });

  it('that loses on bars which did not choose it is luck, whatever else it shows', () => {
    const selection = searched(trials(5, 1_000, () => 0.002));
    const folds = [{ trial: 0, inSample: 2, outOfSample: -0.5 }];
    expect(validateSelection(selection).verdict).not.toBe('likely_luck');
    const report = validateSelection({ ...selection, overfitting: { probability: 0, probabilityOfLoss: 0 }, folds });
    expect(report).toMatchObject({ verdict: 'likely_luck', efficiency: -0.25 });
    expect(report.findings.at(-1)).toMatchObject({ code: 'out_of_sample', grade: 'against' });
  });

  it('is no luck where all of them are good, although the choice is worth nothing', () => {
    const report = validateSelection(searched(trials(8, 1_000, () => 0.002)));
    expect(report.probabilityOfBacktestOverfitting).toBeGreaterThan(0.1);
    expect(report).toMatchObject({ verdict: 'undecided', probabilityOfLoss: 0 });
    expect(report.findings.find(({ code }) => code === 'overfitting')?.grade).toBe('unclear');
  });

  it('of an objective that is to be small is judged the other way round', () => {
    const selection = searched(trials(5, 1_000, () => 0.002));
    const objective = { figure: (returns: Float64Array) => -sharpe(returns), neutral: 0, direction: 'min' as const };
    const folds = [{ trial: 0, inSample: -2, outOfSample: -1.5 }];
    const report = validateSelection({ ...selection, overfitting: { probability: 0, probabilityOfLoss: 0 }, objective, folds });
    expect(report.findings.map(({ grade }) => grade)).toEqual(['for', 'for', 'for', 'for', 'for']);
  });

  it('has nulls, and no verdict of skill, where nothing was traded', () => {
    const idle = {
      ...searched(trials(2, 100, () => 0)),
      returns: new Float64Array(100),
      folds: [],
      overfitting: { probability: NaN, probabilityOfLoss: NaN },
    };
    expect(validateSelection(idle)).toMatchObject({
      verdict: 'undecided',
      sharpe: null,
      deflatedSharpe: null,
      interval: null,
      findings: [],
    });
  });
});

describe('the trial that a training window selects', () => {
  const [fold] = foldsOf({ kind: 'holdout', share: 0.5, purge: 0, embargo: 0 }, 10);
  const objectives = (inside: number[], outside: number[]) => (range: { from: number }) =>
    Float64Array.from(range.from === 0 ? inside : outside);

  it('is the first of the best, and undefined ones are passed over', () => {
    expect(selectByFold([fold!], objectives([NaN, 1, 3, 3], [0, 0, 5, 9]), 'max')).toEqual([{ trial: 2, inSample: 3, outOfSample: 5 }]);
    expect(selectByFold([fold!], objectives([NaN, 1, 3, 3], [0, NaN, 5, 9]), 'min')).toEqual([
      { trial: 1, inSample: 1, outOfSample: null },
    ]);
    expect(selectByFold([fold!], objectives([NaN, NaN], [1, 1]), 'max')).toEqual([]);
  });
});

describe('a figure of daily returns', () => {
  const returns = Float64Array.from([0.1, -0.05, 0.02]);

  it.each([
    ['totalReturn', 1.1 * 0.95 * 1.02 - 1],
    // Mean 0.07/3, deviations 23/300, -22/300, -1/300.
    ['sharpe', (0.07 / 3 / Math.sqrt((23 * 23 + 22 * 22 + 1) / 90_000 / 2)) * Math.sqrt(252)],
    ['omega', 0.12 / 0.05],
  ] as const)('%s is that of a run', (name, expected) => {
    expect(figureOfReturns(name, conventions)!(returns)).toBeCloseTo(expected, 12);
  });

  it('does not exist for what needs trades or their order', () => {
    expect(figureOfReturns('profitFactor', conventions)).toBeNull();
    expect(figureOfReturns('maxDrawdown', conventions)).toBeNull();
  });
});
