import type { QualityReport } from './data-quality.ts';
import type { ZoneOffsets } from './zone-offsets.ts';

/** The bars of one symbol as columns of equal length, sorted by time. Read-only by convention: many threads share the memory. */
export interface Bars {
  symbol: string;
  /** Milliseconds since 1970-01-01T00:00Z at which the bar opens; daily bars carry midnight of their trading day. */
  ts: Float64Array;
  open: Float64Array;
  high: Float64Array;
  low: Float64Array;
  close: Float64Array;
  volume: Float64Array;
  /** What happened to the shares, for prices that are not adjusted for it; absent where they are, or where nothing is known. */
  actions?: CorporateActions;
  /** When the symbol may be held; absent where that is always. */
  membership?: Membership;
  /** Further columns by name, of the same length: a user's own numbers, for expressions. */
  extra?: Readonly<Record<string, Float64Array>>;
}

/**
 * Splits and dividends of one symbol, each sorted by `ts`: the ex date (midnight, as daily bars have it). An action takes effect before the
 * first bar that opens at or after it. `ratio` is new shares for an old one (2 for 2:1), `amount` is money for a share of after any split of that
 * day, in the instrument's currency.
 */
export interface CorporateActions {
  splits: { ts: Float64Array; ratio: Float64Array };
  dividends: { ts: Float64Array; amount: Float64Array };
}

/** The further column of bars with a membership: 1 where the bar's symbol may be held, else 0. */
export const MEMBER = 'member';

/** Stretches of time [from, to) in ms, sorted and apart; `to` is Infinity where the last one has no end. None at all: never. */
export interface Membership {
  from: Float64Array;
  to: Float64Array;
}

/** The bars of a run: what is traded, and where a benchmark was asked for, what it is compared with. */
export interface Dataset {
  /** SHA-256 of the dataset's file. */
  sha256: string;
  instruments: Bars[];
  /** Time zone of the bars: it says where a day, a week and a month end. Absent for UTC, and for daily bars: they carry midnight UTC of their local date. */
  zone?: ZoneOffsets;
  /** What was found in the bars when they were fetched. */
  quality?: QualityReport;
  /** Memory for what threads derive from the bars, where they share it. */
  derived?: SharedArrayBuffer;
}

export const PRICE_COLUMNS = ['open', 'high', 'low', 'close', 'volume'] as const;
