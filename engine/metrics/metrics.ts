import type { Metrics } from '../../shared/metrics.ts';
import type { CurveBlock, TradeBlock } from '../../shared/series.ts';
import type { MetricSpec } from '../../shared/spec.ts';
import type { ZoneOffsets } from '../../shared/zone-offsets.ts';
import { activeFigures, alpha, beta, returnPairs, treynor, type ReturnPairs } from './benchmark.ts';
import { periodsOf, sharpeOf, sortinoOf } from './conventions.ts';
import { createDailyEquity } from './daily-equity.ts';
import { definedOrNull } from './defined.ts';
import { createDrawdowns } from './drawdowns.ts';
import { createHolding, turnover } from './holding.ts';
import { excessKurtosis, skewness } from './moments.ts';
import * as ratios from './returns.ts';
import { probabilisticSharpe } from './sharpe-inference.ts';
import { tails } from './tails.ts';
import { createTradeFigures } from './trades.ts';

/** A block of the curve; with the value of the benchmark at each point (NaN where it is not known) it also gives alpha, beta and their like. */
export type MetricsBlock = CurveBlock & { benchmark?: Float64Array };

export interface MetricsBuilder {
  /** Points of the curve, in bar order. How the curve is cut into blocks does not show in the result. */
  addCurve(block: MetricsBlock): void;
  /** Trades in the order of their exits; those of {@link openTrades} count with their entry only. */
  addTrades(block: TradeBlock): void;
  /** The metrics of all that was added; to be called once. Figures that are undefined are null. */
  finish(): Metrics;
}

export interface MetricsOptions {
  cash: number;
  metrics: MetricSpec;
  /** Of the data: it says where a day ends. UTC when left out. */
  zone?: ZoneOffsets | undefined;
}

export function createMetrics({ cash, metrics: conventions, zone }: MetricsOptions): MetricsBuilder {
  const daily = createDailyEquity(zone);
  const drawdowns = createDrawdowns(cash);
  const holding = createHolding();
  const trades = createTradeFigures(conventions);
  return {
    addCurve({ ts, equity, exposure, benchmark }) {
      daily.add(ts, equity, benchmark);
      drawdowns.add(ts, equity);
      holding.add(ts, equity, exposure);
    },
    addTrades: (block) => trades.add(block),
    finish() {
      const { equity, benchmark, calendar } = daily.finish();
      const annual = { periodsPerYear: periodsOf(conventions, calendar), ddof: conventions.ddof };
      const series = ratios.returnSeries(equity, annual);
      const { exposure, meanEquity, lastEquity, firstTs, lastTs } = holding.finish();
      const years = ratios.yearsBetween(firstTs, lastTs);
      const total = ratios.totalReturn(cash, lastEquity);
      const growth = conventions.cagr === 'calendar' ? ratios.cagr(total, years) : ratios.annualReturn(series);
      const { traded, ...tradeFigures } = trades.finish();
      const falls = drawdowns.finish();
      return definedOnly({
        totalReturn: total,
        cagr: growth,
        ...returnFigures(series, conventions),
        calmar: ratios.calmar(growth, falls.maxDrawdown),
        ...falls,
        exposure,
        ...tradeFigures,
        turnover: turnover(traded, meanEquity, years),
        ...benchmarkFigures(returnPairs(series, benchmark), conventions.riskFreeRate),
      });
    },
  };
}

function returnFigures(series: ratios.ReturnSeries, conventions: MetricSpec) {
  const { riskFreeRate, minAcceptableReturn } = conventions;
  const { moments, periodsPerYear } = series;
  const daily = ratios.sharpe(series, riskFreeRate) / Math.sqrt(periodsPerYear);
  const skew = skewness(moments);
  const excess = excessKurtosis(moments);
  return {
    volatility: conventions.volatility === 'arithmetic' ? ratios.volatility(series) : ratios.compoundedVolatility(series),
    sharpe: sharpeOf(series, conventions),
    sortino: sortinoOf(series, conventions),
    omega: ratios.omega(series, minAcceptableReturn),
    ...tails(series, conventions.valueAtRisk),
    skewness: skew,
    kurtosis: excess,
    probabilisticSharpe: probabilisticSharpe({ sharpe: daily, observations: moments.count, skewness: skew, kurtosis: excess + 3 }),
  };
}

function benchmarkFigures(pairs: ReturnPairs, riskFreeRate: number) {
  return { alpha: alpha(pairs, riskFreeRate), beta: beta(pairs), treynor: treynor(pairs, riskFreeRate), ...activeFigures(pairs) };
}

/** Counts and fees are always finite. */
function definedOnly(figures: Record<keyof Metrics, number>): Metrics {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, definedOrNull(value)])) as Metrics;
}
