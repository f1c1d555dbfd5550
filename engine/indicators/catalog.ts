import { adx, diMinus, diPlus } from './adx.ts';
import { aroon } from './aroon.ts';
import { atr, natr } from './atr.ts';
import { beta } from './beta.ts';
import { bollinger } from './bollinger.ts';
import { cci } from './cci.ts';
import { correlation } from './correlation.ts';
import { cumulative } from './cumulative.ts';
import { dema } from './dema.ts';
import { donchian } from './donchian.ts';
import { ema } from './ema.ts';
import { highest, lowest } from './highest.ts';
import { hma } from './hma.ts';
import type { IndicatorDefinition } from './indicator.ts';
import { kama } from './kama.ts';
import { keltner } from './keltner.ts';
import { lag } from './lag.ts';
import { linreg, slope } from './linreg.ts';
import { macd } from './macd.ts';
import { mfi } from './mfi.ts';
import { mom, roc } from './momentum.ts';
import { obv } from './obv.ts';
import { percentileRank } from './percentile-rank.ts';
import { psar } from './psar.ts';
import { rma } from './rma.ts';
import { rsi } from './rsi.ts';
import { sma } from './sma.ts';
import { stdev, zscore } from './stdev.ts';
import { stoch, stochRsi, williamsR } from './stoch.ts';
import { supertrend } from './supertrend.ts';
import { tema } from './tema.ts';
import { trueRange } from './true-range.ts';
import { vwap, vwma } from './vwma.ts';
import { wma } from './wma.ts';

/** The indicators by the kind of thing they say, in the order in which they are listed. */
export const INDICATOR_GROUPS: Readonly<Record<string, readonly IndicatorDefinition[]>> = {
  Averages: [sma, ema, wma, dema, tema, kama, hma, rma, vwma, vwap],
  Oscillators: [rsi, stoch, stochRsi, macd, roc, mom, williamsR, cci, mfi, aroon],
  Trends: [adx, diPlus, diMinus, psar, supertrend],
  'Ranges and bands': [trueRange, atr, natr, bollinger, keltner, donchian],
  Statistics: [stdev, zscore, percentileRank, linreg, slope, correlation, beta],
  Series: [highest, lowest, cumulative, lag, obv],
};

/** Every indicator by its name. */
export const INDICATORS: ReadonlyMap<string, IndicatorDefinition> = new Map(
  Object.values(INDICATOR_GROUPS)
    .flat()
    .map((indicator) => [indicator.name, indicator]),
);
