import { DAY_MS } from '../engine/timeframes/local-time.ts';
import { HoldfastError } from '../shared/errors.ts';
import type { ZoneOffsets } from '../shared/zone-offsets.ts';

/** No zone changes its clock twice within this time; the nearest was Morocco, around the month of Ramadan. */
const STEP = 7 * DAY_MS;

export { isTimeZone } from '../shared/time-zone.ts';

/** IANA names, for suggestions. */
export function timeZones(): string[] {
  return ['UTC', ...Intl.supportedValuesOf('timeZone')];
}

/** The offsets that a zone has within [start, end] ms, as data for the engine; the first entry begins at `start`. */
export function zoneOffsets(timeZone: string, start: number, end: number): ZoneOffsets {
  const offsetAt = createClock(timeZone);
  const changes: { from: number; offset: number }[] = [{ from: start, offset: offsetAt(start) }];
  for (let from = start; from < end; from += STEP) {
    const to = Math.min(end, from + STEP);
    const offset = offsetAt(to);
    if (offset !== changes.at(-1)!.offset) changes.push({ from: changeBetween(offsetAt, from, to), offset });
  }
  return { from: Float64Array.from(changes, (change) => change.from), offset: Float64Array.from(changes, ({ offset }) => offset) };
}

/** The first moment with the offset of `to`, where that of `from` is another: on a whole second, as in all zones. */
function changeBetween(offsetAt: (ts: number) => number, from: number, to: number): number {
  const after = offsetAt(to);
  let [low, high] = [Math.floor(from / 1000), Math.ceil(to / 1000)];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle * 1000) === after) high = middle;
    else low = middle;
  }
  return high * 1000;
}

/** Milliseconds that the zone is ahead of UTC at a moment. */
function createClock(timeZone: string): (ts: number) => number {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  return (ts) => {
    const name = format.formatToParts(ts).find(({ type }) => type === 'timeZoneName')!.value;
    // GMT, GMT-05:00, and with seconds before there was a standard time.
    const [, sign, hours = 0, minutes = 0, seconds = 0] = /^GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/.exec(name) ?? fail(timeZone, name);
    return (sign === '-' ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)) * 1000 + 0;
  };
}

function fail(timeZone: string, name: string): never {
  throw new HoldfastError(
    'internal',
    `The platform gives the offset of ${timeZone} as "${name}". Give the times in UTC, without a timeZone.`,
  );
}
