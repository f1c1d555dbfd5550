import { type Bars, PRICE_COLUMNS } from '../../shared/bars.ts';
import { TIMEFRAME_PATTERN, timeframeMs } from '../../shared/spec.ts';
import { carryActions, type Change } from './carry-actions.ts';
import { MONDAY } from './period.ts';
import { DAY_MS } from './local-time.ts';
import { ALWAYS, momentIn, placeIn, sessionLength, type Place, type Session } from './session.ts';

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
 * Bars of a slower timeframe: open of the first, high and low of all, close of the last, the sum of the volumes, the last value of an extra column.
 * Bars outside the session are left out. Timeframes below a day are counted from the session's open of each day in time that passes, so that no
 * bar spans two sessions and a repeated hour has bars of its own; days carry midnight (UTC) of their local date, as daily data do; several days
 * are counted from 1970, weeks begin on Monday. Splits and dividends take effect before the slow bar that they fall into, and what came before
 * them in that bar is put into shares of after them: its prices are lower by what its holders were paid.
 */
export function resample(bars: Bars, timeframe: string, session: Session = ALWAYS): Frame {
  const spanOf = createSpans(timeframe, session);
  const carrier = bars.actions && carryActions(bars.actions);
  const extra = Object.entries(bars.extra ?? {}).map(([name, from]) => ({ name, from, to: new Float64Array(from.length) }));
  const slow = createColumns(bars.ts.length);
  let last = -1;
  for (let i = 0; i < bars.ts.length; i++) {
    const ts = bars.ts[i]!;
    const place = placeIn(session, ts);
    if (place === null) continue;
    const span = spanOf(place, ts);
    const change = carrier?.next(ts, span.label);
    if (last < 0 || slow.ts[last] !== span.label) begin(slow, ++last, { bars, i, span });
    else if (change) rescale(slow, last, change);
    slow.high[last] = Math.max(slow.high[last]!, bars.high[i]!);
    slow.low[last] = Math.min(slow.low[last]!, bars.low[i]!);
    slow.close[last] = bars.close[i]!;
    slow.volume[last]! += bars.volume[i]!;
    for (const column of extra) column.to[last] = column.from[i]!;
  }
  const cut = (column: Float64Array) => column.slice(0, last + 1);
  const { begins, ends, ...columns } = mapColumns(slow, cut);
  return {
    bars: {
      symbol: bars.symbol,
      ...columns,
      ...(carrier && { actions: carrier.finish() }),
      ...(bars.extra && { extra: Object.fromEntries(extra.map(({ name, to }) => [name, cut(to)])) }),
    },
    begins,
    ends,
  };
}

const COLUMNS = ['ts', ...PRICE_COLUMNS, 'begins', 'ends'] as const;
type Columns = Record<(typeof COLUMNS)[number], Float64Array>;

function createColumns(length: number): Columns {
  return Object.fromEntries(COLUMNS.map((name) => [name, new Float64Array(length)])) as Columns;
}

function mapColumns(columns: Columns, change: (column: Float64Array) => Float64Array): Columns {
  return Object.fromEntries(COLUMNS.map((name) => [name, change(columns[name])])) as Columns;
}

/** Starts the slow bar `row` with the fast bar `i`. */
function begin(slow: Columns, row: number, { bars, i, span }: { bars: Bars; i: number; span: Span }): void {
  slow.ts[row] = span.label;
  slow.begins[row] = bars.ts[i]!;
  slow.ends[row] = span.end;
  slow.open[row] = bars.open[i]!;
  slow.high[row] = bars.high[i]!;
  slow.low[row] = bars.low[i]!;
}

/** Puts what a slow bar has so far into shares of after a split, and takes the dividend off it. */
function rescale(slow: Columns, row: number, { ratio, dividend }: Change): void {
  slow.open[row] = slow.open[row]! / ratio - dividend;
  slow.high[row] = slow.high[row]! / ratio - dividend;
  slow.low[row] = slow.low[row]! / ratio - dividend;
  slow.volume[row] = slow.volume[row]! * ratio;
}

function createSpans(timeframe: string, session: Session): (place: Place, ts: number) => Span {
  const ms = timeframeMs(timeframe);
  const unit = TIMEFRAME_PATTERN.exec(timeframe)![2];
  const length = sessionLength(session);
  if (unit !== 'd' && unit !== 'w') {
    // Looked up once a day: bars come in the order of time.
    const today = { day: NaN, open: NaN, close: NaN };
    return ({ day }, ts) => {
      if (day !== today.day) {
        today.day = day;
        today.open = momentIn(session, { day, since: 0 });
        today.close = momentIn(session, { day, since: length });
      }
      const label = today.open + Math.floor((ts - today.open) / ms) * ms;
      return { label, end: Math.min(label + ms, today.close) };
    };
  }
  const days = ms / DAY_MS;
  const offset = unit === 'w' ? MONDAY : 0;
  let span: Span = { label: NaN, end: NaN };
  return ({ day }) => {
    const first = Math.floor((day + offset) / days) * days - offset;
    if (first * DAY_MS !== span.label) span = { label: first * DAY_MS, end: momentIn(session, { day: first + days - 1, since: length }) };
    return span;
  };
}
