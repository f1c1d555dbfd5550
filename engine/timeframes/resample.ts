import type { Bars } from '../../shared/bars.ts';
import { TIMEFRAME_PATTERN, timeframeMs } from '../../shared/spec.ts';
import { ALWAYS, DAY_MS, momentIn, placeIn, sessionLength, type Place, type Session } from './session.ts';

/** Bars of a slower timeframe, with what it takes to use them on a faster one without looking ahead. */
export interface Frame {
  bars: Bars;
  /** When the first of the faster bars in each opened. */
  begins: Float64Array;
  /** When each is over for certain, even if no more trades come; ms since 1970. */
  ends: Float64Array;
}

/** Where a slow bar lies: its label (the `ts` of the bar) and its end. */
interface Span {
  label: number;
  end: number;
}

/**
 * Bars of a slower timeframe: open of the first, high and low of all, close of the last, the sum of the volumes. Bars outside the session are left
 * out. Timeframes below a day are counted from the session's open of each day, so that no bar spans two sessions; days carry midnight (UTC) of
 * their local date, as daily data do; several days are counted from 1970, weeks begin on Monday.
 */
export function resample(bars: Bars, timeframe: string, session: Session = ALWAYS): Frame {
  const spanOf = createSpans(timeframe, session);
  const { ts, open, high, low, close, volume } = bars;
  const columns = Array.from({ length: 8 }, () => new Float64Array(ts.length)) as Columns8;
  const [labels, opens, highs, lows, closes, volumes, begins, ends] = columns;
  let last = -1;
  for (let i = 0; i < ts.length; i++) {
    const place = placeIn(session, ts[i]!);
    if (place === null) continue;
    const span = spanOf(place);
    if (last < 0 || labels[last] !== span.label) {
      last++;
      labels[last] = span.label;
      begins[last] = ts[i]!;
      ends[last] = span.end;
      opens[last] = open[i]!;
      highs[last] = high[i]!;
      lows[last] = low[i]!;
    }
    highs[last] = Math.max(highs[last]!, high[i]!);
    lows[last] = Math.min(lows[last]!, low[i]!);
    closes[last] = close[i]!;
    volumes[last]! += volume[i]!;
  }
  const cut = (column: Float64Array) => column.slice(0, last + 1);
  return {
    bars: {
      symbol: bars.symbol,
      ts: cut(labels),
      open: cut(opens),
      high: cut(highs),
      low: cut(lows),
      close: cut(closes),
      volume: cut(volumes),
    },
    begins: cut(begins),
    ends: cut(ends),
  };
}

type Column = Float64Array<ArrayBuffer>;
type Columns8 = [Column, Column, Column, Column, Column, Column, Column, Column];

/** 1970-01-01 was a Thursday: three days after the Monday that weeks are counted from. */
const MONDAY = 3;

function createSpans(timeframe: string, session: Session): (place: Place) => Span {
  const ms = timeframeMs(timeframe);
  const unit = TIMEFRAME_PATTERN.exec(timeframe)![2];
  const length = sessionLength(session);
  if (unit !== 'd' && unit !== 'w') {
    return ({ day, since }) => {
      const from = Math.floor(since / ms) * ms;
      const at = (moment: number) => momentIn(session, { day, since: moment });
      return { label: at(from), end: at(Math.min(from + ms, length)) };
    };
  }
  const days = ms / DAY_MS;
  const offset = unit === 'w' ? MONDAY : 0;
  return ({ day }) => {
    const first = Math.floor((day + offset) / days) * days - offset;
    return { label: first * DAY_MS, end: momentIn(session, { day: first + days - 1, since: length }) };
  };
}
