import type { Metrics } from '../../shared/metrics.ts';
import type { CurveBlock, TradeBlock } from '../../shared/series.ts';
import type { MetricSpec } from '../../shared/spec.ts';
import { createDailyEquity } from './daily-equity.ts';
import { createDrawdowns } from './drawdowns.ts';
import { createHolding, turnover } from './holding.ts';
import { cagr, calmar, periodsPerYear, sharpe, sortino, totalReturn, volatility, yearsBetween } from './returns.ts';
import { createTradeFigures } from './trades.ts';

export interface MetricsBuilder {
  /** Points of the curve, in bar order. How the curve is cut into blocks does not show in the result. */
  addCurve(block: CurveBlock): void;
  /** Trades in the order of their exits; those of {@link openTrades} count with their entry only. */
  addTrades(block: TradeBlock): void;
  /** The metrics of all that was added; to be called once. Figures that are undefined are null. */
  finish(): Metrics;
}

export function createMetrics({ cash, metrics: conventions }: { cash: number; metrics: MetricSpec }): MetricsBuilder {
  const daily = createDailyEquity();
  const drawdowns = createDrawdowns(cash);
  const holding = createHolding();
  const trades = createTradeFigures();
  return {
    addCurve({ ts, equity, exposure }) {
      daily.add(ts, equity);
      drawdowns.add(ts, equity);
      holding.add(ts, equity, exposure);
    },
    addTrades: (block) => trades.add(block),
    finish() {
      const { returns, ...calendar } = daily.finish();
      const periods = conventions.periodsPerYear === 'auto' ? periodsPerYear(calendar) : conventions.periodsPerYear;
      const { exposure, meanEquity, lastEquity, firstTs, lastTs } = holding.finish();
      const years = yearsBetween(firstTs, lastTs);
      const total = totalReturn(cash, lastEquity);
      const growth = cagr(total, years);
      const { traded, ...tradeFigures } = trades.finish();
      const falls = drawdowns.finish();
      const series = { returns, periodsPerYear: periods };
      return definedOnly({
        totalReturn: total,
        cagr: growth,
        volatility: volatility(series),
        sharpe: sharpe(series, conventions.riskFreeRate),
        sortino: sortino(series, conventions.minAcceptableReturn),
        calmar: calmar(growth, falls.maxDrawdown),
        ...falls,
        exposure,
        ...tradeFigures,
        turnover: turnover(traded, meanEquity, years),
      });
    },
  };
}

/** NaN and infinities (a division by zero, too little data) become null, and -0 becomes 0. Counts and fees are always finite. */
function definedOnly(figures: Record<keyof Metrics, number>): Metrics {
  const entries = Object.entries(figures).map(([name, value]) => [name, Number.isFinite(value) ? value + 0 : null]);
  return Object.fromEntries(entries) as Metrics;
}
