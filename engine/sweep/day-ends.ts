import type { Bars } from '../../shared/bars.ts';
import type { ZoneOffsets } from '../../shared/zone-offsets.ts';
import { firstAtOrAfter } from '../metrics/daily-equity.ts';
import { DAY_MS, localDay, momentOf } from '../timeframes/local-time.ts';

/** What is held from one event to the next. */
interface Held {
  readonly cash: number;
  readonly units: number;
}

/** The days of one run so far. */
export interface DaysOfRun {
  /** The last equity of each local day. */
  readonly equity: Float64Array;
  /** Days that are done. */
  next: number;
}

/** The last equity of each local day, as {@link createDailyEquity} takes it from a whole curve: here only the last bars of days are looked at. */
export function createDayEnds({ ts, close }: Bars, zone: ZoneOffsets) {
  const ends = lastBars(ts, zone);
  const closes = Float64Array.from(ends, (bar) => close[bar]!);
  return {
    start: (): DaysOfRun => ({ equity: new Float64Array(ends.length), next: 0 }),
    /** Goes on to the bars before `to`. */
    follow(run: DaysOfRun, { cash, units }: Held, to: number): void {
      const { equity } = run;
      let day = run.next;
      if (units === 0) while (day < ends.length && ends[day]! < to) equity[day++] = cash;
      else for (; day < ends.length && ends[day]! < to; day++) equity[day] = cash + units * closes[day]!;
      run.next = day;
    },
  };
}

function lastBars(ts: Float64Array, zone: ZoneOffsets): Int32Array {
  const bars: number[] = [];
  for (let i = 0; i < ts.length;) {
    i = firstAtOrAfter(momentOf(zone, (localDay(zone, ts[i]!) + 1) * DAY_MS), ts, i + 1);
    bars.push(i - 1);
  }
  return Int32Array.from(bars);
}
