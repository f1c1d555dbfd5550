import { describe, expect, it } from 'vitest';
import { MetricSpec } from '../../shared/spec.ts';
import { readBars, readReference, readReferenceMetrics, type ReferenceMetric } from '../../test/fixtures/oracles.ts';
import { tradeBlock } from '../../test/fixtures/trades.ts';
import { alpha, beta, returnPairs } from './benchmark.ts';
import { createDrawdowns } from './drawdowns.ts';
import { createMetrics } from './metrics.ts';
import * as ratios from './returns.ts';
import {
  deflatedSharpe,
  deflationThreshold,
  expectedMaximumSharpe,
  minimumBacktestLength,
  minimumTrackRecordLength,
  probabilisticSharpe,
} from './sharpe-inference.ts';
import { tails, type TailMethod } from './tails.ts';
import { createTradeFigures } from './trades.ts';

const DAY = 86_400_000;
const ANNUAL = { periodsPerYear: 252, ddof: 1 };

type Inputs = ReferenceMetric['inputs'];

/** A curve that starts at 1 and has these returns. */
function curveOf(returns: readonly number[]): Float64Array {
  const curve = new Float64Array(returns.length + 1).fill(1);
  for (let i = 0; i < returns.length; i++) curve[i + 1] = curve[i]! * (1 + returns[i]!);
  return curve;
}

function listOf(inputs: Inputs, name: string): (number | null)[] {
  const list = inputs[name];
  if (!Array.isArray(list)) throw new Error(`the input "${name}" is not a list`);
  return list;
}

function returnsOf(inputs: Inputs): number[] {
  return listOf(inputs, 'returns').filter((value) => value !== null);
}

const seriesOf = (inputs: Inputs) => ratios.returnSeries(curveOf(returnsOf(inputs)), ANNUAL);

const maxDrawdownOf = (curve: Float64Array): number => {
  const drawdowns = createDrawdowns(curve[0]!);
  drawdowns.add(
    curve.map((_, i) => i * DAY),
    curve,
  );
  return drawdowns.finish().maxDrawdown;
};

/** The references count missing returns as periods; the engine knows none. */
const annualReturnOf = (inputs: Inputs): number =>
  ratios.cagr(ratios.totalReturn(1, curveOf(returnsOf(inputs)).at(-1)!), listOf(inputs, 'returns').length / 252);

/** Pairs with a missing value are left out: here that is the first. */
function pairsOf(inputs: Inputs) {
  const benchmark = listOf(inputs, 'benchmark').map((value) => value ?? 0);
  return returnPairs(seriesOf(inputs), curveOf(benchmark.slice(1)));
}

const OF_RETURNS: Record<string, (inputs: Inputs) => number> = {
  cumulativeReturn: (inputs) => ratios.totalReturn(1, curveOf(returnsOf(inputs)).at(-1)!),
  maxDrawdown: (inputs) => maxDrawdownOf(curveOf(returnsOf(inputs))),
  annualReturn: annualReturnOf,
  annualVolatility: (inputs) => ratios.volatility(seriesOf(inputs)),
  sharpe: (inputs) => ratios.sharpe(seriesOf(inputs), 0),
  downsideRisk: (inputs) => ratios.downsideDeviation(seriesOf(inputs), 0),
  sortino: (inputs) => ratios.sortino(seriesOf(inputs), 0),
  calmar: (inputs) => ratios.calmar(annualReturnOf(inputs), maxDrawdownOf(curveOf(returnsOf(inputs)))),
  omega: (inputs) => ratios.omega(seriesOf(inputs), 0),
  tailRatio: (inputs) => tails(seriesOf(inputs), 'historical').tailRatio,
  betaVsBenchmark: (inputs) => beta(pairsOf(inputs)),
  alphaVsBenchmark: (inputs) => alpha(pairsOf(inputs), 0),
};

function numbersOf(inputs: Inputs): Record<string, number> {
  return Object.fromEntries(Object.entries(inputs).filter((entry): entry is [string, number] => typeof entry[1] === 'number'));
}

function trialsOf(inputs: Inputs) {
  const { srAnnual, periodsPerYear, T, skew, kurt, N, varianceOfTrialSharpesAnnual } = numbersOf(inputs);
  const estimate = { sharpe: srAnnual! / Math.sqrt(periodsPerYear!), observations: T!, skewness: skew!, kurtosis: kurt! };
  return { estimate, trials: { trials: N!, variance: varianceOfTrialSharpesAnnual! / periodsPerYear! } };
}

function trackRecordYears(inputs: Inputs): number {
  const { srAnnual, srRefAnnual, periodsPerYear, skew, kurt, confidence } = numbersOf(inputs);
  const perPeriod = Math.sqrt(periodsPerYear!);
  const estimate = { sharpe: srAnnual! / perPeriod, skewness: skew!, kurtosis: kurt! };
  return minimumTrackRecordLength(estimate, srRefAnnual! / perPeriod, confidence!) / periodsPerYear!;
}

function psr(inputs: Inputs): number {
  const { sr, srRef, T, skew, kurt } = numbersOf(inputs);
  return probabilisticSharpe({ sharpe: sr!, observations: T!, skewness: skew!, kurtosis: kurt! }, srRef);
}

/** Returns of the listed values, or of the closes of the file that is named in words. */
function tailSeries(inputs: Inputs) {
  if (Array.isArray(inputs['returns'])) return seriesOf(inputs);
  return ratios.returnSeries(readBars('data/aapl.adj.csv').close, ANNUAL);
}

const valueAtRisk = (method: TailMethod) => (inputs: Inputs) => tails(tailSeries(inputs), method).valueAtRisk95;
const shortfall = (method: TailMethod) => (inputs: Inputs) => tails(tailSeries(inputs), method).conditionalValueAtRisk95;

const run = readReference('01_aapl_sma5_20_long');

/** What the fills moved: there is no multiplier and no other currency. */
const valuesOf = ({ size, entryPrice, exitPrice }: (typeof run.trades)[number]) => ({
  entryValue: Math.abs(size) * entryPrice,
  exitValue: Math.abs(size) * exitPrice,
});

function tradeFigures(profitFactor: MetricSpec['profitFactor'] = 'money') {
  const figures = createTradeFigures({ ddof: 1, profitFactor });
  const rest = { symbol: 0, entryTs: 0, exitTs: 0, mae: 0, mfe: 0, entryTag: 0, exitReason: 0 };
  figures.add(tradeBlock(run.trades.map((trade) => ({ ...rest, ...valuesOf(trade), ...trade }))));
  return figures.finish();
}

function runMetrics(conventions: Partial<MetricSpec> = {}) {
  const metrics = createMetrics({ cash: run.cash, metrics: MetricSpec.parse({ ...conventions, periodsPerYear: 252 }) });
  const equity = Float64Array.from(run.equity);
  metrics.addCurve({ ts: run.bars.ts, equity, cash: equity, exposure: equity });
  return metrics.finish();
}

const CASES: Record<string, (inputs: Inputs) => number | null> = {
  ...Object.fromEntries(
    ['mixed', 'negative', 'positive'].flatMap((set) => Object.entries(OF_RETURNS).map(([name, of]) => [`${set}.${name}`, of])),
  ),
  'psr.hedgeFund': psr,
  'psr.normalMoments': psr,
  'expectedMax.100': (inputs) => expectedMaximumSharpe(numbersOf(inputs)['N']!),
  ...Object.fromEntries(
    [100, 46, 88].flatMap((trials): [string, (inputs: Inputs) => number][] => [
      [`dsr.N${trials}.threshold`, (inputs) => deflationThreshold(trialsOf(inputs).trials)],
      [`dsr.N${trials}`, (inputs) => deflatedSharpe(trialsOf(inputs).estimate, trialsOf(inputs).trials)],
    ]),
  ),
  'minTrackRecord.daily.years': trackRecordYears,
  'minTrackRecord.weekly.years': trackRecordYears,
  'minTrackRecord.monthly.years': trackRecordYears,
  'minTrackRecord.monthly3vs2.5.years': trackRecordYears,
  'minBacktestLength.N45.years': (inputs) => minimumBacktestLength(numbersOf(inputs)['N']!, numbersOf(inputs)['targetMaxSharpe']!),
  ...Object.fromEntries(
    ['small', 'aapl'].flatMap((set): [string, (inputs: Inputs) => number][] => [
      [`var.${set}.historicalLinear`, valueAtRisk('historical')],
      [`var.${set}.historicalLower`, valueAtRisk('historical-lower')],
      [`var.${set}.normal`, valueAtRisk('normal')],
      [`cvar.${set}.tailMeanByIndex`, shortfall('historical-lower')],
      [`cvar.${set}.tailMeanBelowVar`, shortfall('historical')],
      [`cvar.${set}.normal`, shortfall('normal')],
    ]),
  ),
  'trades01.winRate': () => tradeFigures().winRate,
  'trades01.profitFactorMoney': () => tradeFigures().profitFactor,
  'trades01.profitFactorReturns': () => tradeFigures('returns').profitFactor,
  'trades01.expectancyMoney': () => tradeFigures().avgTrade,
  'trades01.expectancyPct': () => 100 * tradeFigures().expectancy,
  'trades01.payoff': () => tradeFigures().payoffRatio,
  'trades01.sqn': () => tradeFigures().sqn,
  'trades01.kelly': () => tradeFigures().kelly,
  'trades01.bestReturnPct': () => 100 * tradeFigures().bestTrade,
  'trades01.worstReturnPct': () => 100 * tradeFigures().worstTrade,
  'trades01.feesPaid': () => tradeFigures().fees,
  'equity01.annualReturn': () => runMetrics({ cagr: 'periods' }).cagr,
  'equity01.compoundedVolatility': () => runMetrics({ volatility: 'compounded' }).volatility,
  'equity01.geometricSharpe': () => runMetrics({ sharpe: 'geometric' }).sharpe,
  'equity01.geometricSortino': () => runMetrics({ sharpe: 'geometric' }).sortino,
  'equity01.calmar': () => runMetrics({ cagr: 'periods' }).calmar,
  'equity01.sharpe': () => runMetrics().sharpe,
  'equity01.ulcerIndexPct': () => 100 * runMetrics().ulcerIndex!,
  'equity01.cagrCalendar': () => runMetrics().cagr,
};

/** Of these there is no figure here. */
const NOT_APPLICABLE: Record<string, string> = {
  'mixed.stability': 'the fit of a line to the log curve is no metric of a run',
  'negative.stability': 'the fit of a line to the log curve is no metric of a run',
  'positive.stability': 'the fit of a line to the log curve is no metric of a run',
};

describe('the reference metrics', () => {
  const references = readReferenceMetrics();

  it('are all compared, but for those that name no figure of ours', () => {
    const names = references.map(({ name }) => name);
    expect(names.filter((name) => CASES[name] === undefined)).toEqual(Object.keys(NOT_APPLICABLE));
    expect(names).toHaveLength(74);
  });

  it.each(references.filter(({ name }) => NOT_APPLICABLE[name] === undefined))('agree to 1e-9: $name', ({ name, value, inputs }) => {
    const actual = CASES[name]!(inputs);
    // Of 0 there is no relative error.
    expect(Math.abs(actual! - value)).toBeLessThanOrEqual(1e-9 * (Math.abs(value) || 1e-6));
  });
});
