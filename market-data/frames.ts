import { DAY_MS } from '../engine/timeframes/local-time.ts';
import { resample } from '../engine/timeframes/resample.ts';
import { momentIn, sessionLength, type Session } from '../engine/timeframes/session.ts';
import type { Bars, Dataset } from '../shared/bars.ts';
import type { SourceInfo } from '../shared/dataset.ts';
import { HoldfastError, type Fault } from '../shared/errors.ts';
import { type DataSpec, timeframeMs, WEEKDAYS } from '../shared/spec.ts';
import { didYouMean } from './did-you-mean.ts';
import { isDate, type TimeRange } from './range.ts';
import { collectBlocks, type BarBlock } from './time-chunks.ts';
import { isTimeZone, timeZones, zoneOffsets } from './zone.ts';

/** How the bars of a request are made of those that the source has. */
export interface Frames {
  /** What cannot be, at its place in the spec. With faults, `request` still serves to find those of the source. */
  faults: Fault[];
  /** To ask the source for: its own timeframe, and dates as moments where a clock other than UTC says when a day begins. */
  request: DataSpec;
  /** Most bars of a symbol, where the source has `bars` of them between these times. */
  estimate(bars: number, range: TimeRange): number;
  /** Whether the bars are those of the source, so that they need not be in memory all at once. */
  isStreamed: boolean;
  /** The bars that were asked for. Fails with `no_data` where a session leaves none. */
  make(blocks: AsyncIterable<BarBlock>): AsyncIterable<BarBlock>;
  /** The zone of bars within these times, where a dataset needs one. */
  zone(range: TimeRange): Dataset['zone'];
}

/** Resampling up from a timeframe of the source, by the clock that the request names. */
export function planFrames(data: DataSpec, info: SourceInfo): Frames {
  const { timeframe, session } = data;
  const zoneFaults = isTimeZone(data.timeZone ?? 'UTC') ? [] : [{ path: 'data.timeZone', message: unknownZone(data.timeZone!) }];
  const timeZone = zoneFaults.length > 0 ? 'UTC' : (data.timeZone ?? info.timeZone);
  const hasClock = session !== undefined || timeZone !== info.timeZone;
  const { base, fault } = chooseBase(timeframe, info, hasClock);
  const isDaily = timeframeMs(base) >= DAY_MS;
  const sessionOn = (start: number, end: number): Session => ({ zone: zoneOffsets(timeZone, start, end), ...clockOf(session) });
  const isAsked = base === timeframe && session === undefined;
  return {
    faults: [...(fault ? [fault] : []), ...zoneFaults, ...(isDaily ? dailyFaults(data, info) : gridFaults(session, base))],
    request: { ...data, timeframe: base, ...(!isDaily && (hasClock || timeZone !== 'UTC') && rangeAsMoments(data, sessionOn)) },
    estimate: (bars, range) => (isAsked || fault !== undefined ? bars : Math.min(bars, mostBars(timeframe, clockOf(session), range))),
    isStreamed: isAsked,
    async *make(blocks) {
      if (isAsked) return yield* blocks;
      const bars = await collectBlocks(blocks);
      const times = bars.flatMap(({ ts }) => [ts[0]!, ts.at(-1)!]);
      const local = sessionOn(Math.min(...times), Math.max(...times));
      const instruments = bars.map((each) => resample(each, timeframe, local).bars);
      refuseEmpty(instruments);
      yield instruments;
    },
    zone: ({ start, end }) => (timeframeMs(timeframe) < DAY_MS && timeZone !== 'UTC' ? sessionOn(start, end).zone : undefined),
  };
}

/** The timeframe of the source to start from: the one that was asked for if the source has it, else its finest, which also is what clocks need. */
function chooseBase(timeframe: string, { source, timeframes }: SourceInfo, hasClock: boolean): { base: string; fault?: Fault } {
  if (timeframes.includes('any') || (timeframes.includes(timeframe) && !hasClock)) return { base: timeframe };
  const finest = timeframes.reduce((a, b) => (timeframeMs(b) < timeframeMs(a) ? b : a));
  if (timeframeMs(timeframe) % timeframeMs(finest) === 0) return { base: finest };
  const message = `the source "${source}" has bars of ${timeframes.join(', ')}: write a multiple of ${finest}`;
  return { base: finest, fault: { path: 'data.timeframe', message } };
}

function unknownZone(name: string): string {
  return `"${name}" is not an IANA time zone. ${didYouMean(name, timeZones())}`;
}

/** Daily bars name a date, and no time of it. */
function dailyFaults({ session, timeZone }: DataSpec, info: SourceInfo): Fault[] {
  const message = `is for bars shorter than a day, and the source "${info.source}" gives whole days here: leave it out`;
  const paths = [...(session ? ['data.session'] : []), ...(timeZone !== undefined && timeZone !== info.timeZone ? ['data.timeZone'] : [])];
  return paths.map((path) => ({ path, message }));
}

/** A bar that is only partly inside the session can neither be taken nor left. */
function gridFaults(session: DataSpec['session'], base: string): Fault[] {
  if (session === undefined) return [];
  const isOff = (side: 'from' | 'to') => clockMs(session[side]) % timeframeMs(base) !== 0;
  const message = `cuts through a bar of ${base}, the shortest there is: choose a time at which one opens`;
  return (['from', 'to'] as const).filter(isOff).map((side) => ({ path: `data.session.${side}`, message }));
}

function clockOf(session: DataSpec['session']): Omit<Session, 'zone'> {
  if (session === undefined) return { open: 0, close: DAY_MS };
  const { from, to, weekdays } = session;
  return { open: clockMs(from), close: clockMs(to), ...(weekdays && { weekdays: weekdays.map((day) => WEEKDAYS.indexOf(day)) }) };
}

function clockMs(time: string): number {
  const [hours, minutes] = time.split(':');
  return Number(hours) * 3_600_000 + Number(minutes) * 60_000;
}

/** Dates are days of the session, wherever the sun stands over Greenwich. */
function rangeAsMoments({ from, to }: DataSpec, sessionOn: (start: number, end: number) => Session): Pick<DataSpec, 'from' | 'to'> {
  const momentAt = (date: string, atEnd: boolean): string => {
    const midnight = Date.parse(date);
    const session = sessionOn(midnight - 3 * DAY_MS, midnight + 3 * DAY_MS);
    const moment = momentIn(session, { day: midnight / DAY_MS, since: atEnd ? sessionLength(session) : 0 });
    return new Date(moment).toISOString();
  };
  return {
    ...(from !== undefined && { from: isDate(from) ? momentAt(from, false) : from }),
    ...(to !== undefined && { to: isDate(to) ? momentAt(to, true) : to }),
  };
}

/** Spans of a timeframe that lie in a range, whether they have bars or not. */
function mostBars(timeframe: string, clock: Omit<Session, 'zone'>, { start, end }: TimeRange): number {
  const ms = timeframeMs(timeframe);
  // One more at each end, where a span is cut; and days of another zone begin earlier or later.
  if (ms >= DAY_MS) return Math.floor((end - start) / ms) + 2;
  const days = Math.floor((end - start) / DAY_MS) + 2;
  return days * Math.ceil(sessionLength(clock) / ms);
}

function refuseEmpty(instruments: readonly Bars[]): void {
  const empty = instruments.filter(({ ts }) => ts.length === 0).map(({ symbol }) => symbol);
  if (empty.length === 0) return;
  throw new HoldfastError(
    'no_data',
    `${empty.join(', ')}: no bar opens within data.session. Name the hours and weekdays in which it trades, or leave the session out.`,
  );
}
