import type { ZoneOffsets } from '../../engine/timeframes/local-time.ts';
import type { Bars } from '../../shared/bars.ts';

/** What a trader of rules sees. */
export interface TradedBars {
  /** Of all symbols of the run, also of those that only give a rate. */
  readonly bars: readonly Bars[];
  /** Which of them are traded: places in `bars`. */
  readonly traded: readonly number[];
  /** Times of every symbol's bars, those to come too: they say when a week or a month ends. */
  readonly calendar: readonly Float64Array[];
  /** Says where a day ends; UTC without it. */
  readonly zone?: ZoneOffsets | undefined;
}
