import type { CurveBlock, TradeBlock } from '../../../shared/series.ts';
import type { MetricSpec } from '../../../shared/spec.ts';
import type { AnalysisTables } from '../../../shared/tables.ts';
import type { ZoneOffsets } from '../../../shared/zone-offsets.ts';
import { createDailyEquity, returnsOf } from '../daily-equity.ts';
import { monthlyReturns, yearlyReturns } from './calendar-returns.ts';
import { createDeepestDrawdowns } from './deepest-drawdowns.ts';
import { histogramOf } from './histogram.ts';
import { rollingSharpe } from './rolling-sharpe.ts';
import { createTradePoints } from './trade-points.ts';

export interface TablesOptions {
  cash: number;
  metrics: MetricSpec;
  /** Of the data: it says where days, months and years end. UTC when left out. */
  zone?: ZoneOffsets | undefined;
  /** Drawdowns listed; 10 by default. */
  drawdowns?: number;
  /** Daily returns in a rolling ratio; 126 by default, half a year of trading days. */
  window?: number;
  /** Points of a chart, however long the run was; 5,000 by default. */
  most?: number;
}

export interface TablesBuilder {
  /** Points of the curve, in bar order; the benchmark is NaN where it is not known. */
  addCurve(block: CurveBlock & { benchmark?: Float64Array }): void;
  /** Trades in the order of their exits; positions still open are left out. */
  addTrades(block: TradeBlock): void;
  /** To be called once. How curve and trades were cut into blocks does not show. */
  finish(): AnalysisTables;
}

/** Builds the analysis tables of a run from its curve and its trades. Memory: three numbers a day and seven a trade. */
export function createTables({ cash, metrics, zone, drawdowns = 10, window = 126, most = 5000 }: TablesOptions): TablesBuilder {
  const daily = createDailyEquity(zone);
  const deepest = createDeepestDrawdowns(cash, drawdowns);
  const trades = createTradePoints(most);
  return {
    addCurve({ ts, equity, benchmark }) {
      daily.add(ts, equity, benchmark);
      deepest.add(ts, equity);
    },
    addTrades: (block) => trades.add(block),
    finish() {
      const series = daily.finish();
      return {
        monthlyReturns: monthlyReturns(series, cash),
        yearlyReturns: yearlyReturns(series, cash),
        drawdowns: deepest.finish(),
        rollingSharpe: rollingSharpe(series, metrics, { window, most }),
        returnHistogram: histogramOf(returnsOf(series.equity)),
        ...trades.finish(),
      };
    },
  };
}
