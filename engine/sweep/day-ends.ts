import type { Bars } from '../../shared/bars.ts';
import type { ZoneOffsets } from '../../shared/zone-offsets.ts';
import { firstAtOrAfter, returnsOf } from '../metrics/daily-equity.ts';
import { RETURN_SUMS, ReturnSums, type Spread } from '../metrics/return-sums.ts';
import { DAY_MS, localDay, momentOf } from '../timeframes/local-time.ts';

/** What is held from one event to the next. */
interface Held {
  readonly cash: number;
  readonly units: number;
}

/** The days of one run so far. */
export interface DaysOfRun {
  /** The last equity of each local day from `first` on. */
  readonly equity: Float64Array;
  /** Days that were settled before. */
  readonly first: number;
  /** Days that are done. */
  next: number;
  /** By {@link DAYS_END}, of the days before `first`. */
  readonly settled: ArrayLike<number>;
}

/** What daily figures go on from, of all days but the last, which later bars may belong to: equity of the first and the last of them, and the sums of returns. */
export const DAYS_END = ['firstEquity', 'lastEquity', ...RETURN_SUMS] as const;

const NOTHING = [NaN, NaN, 0, 0, 0, 0, 0, 0, 0];

/** What is made of the days of a run. */
export interface DailyFigures {
  moments: Spread;
  /** Last equity over that of the first day. */
  growth: number;
  /** By {@link DAYS_END}. */
  end: number[];
}

/** The last equity of each local day, as {@link createDailyEquity} takes it from a whole curve: here only the last bars of days are looked at. */
export function createDayEnds({ ts, close }: Bars, zone: ZoneOffsets) {
  const ends = lastBars(ts, zone);
  const closes = Float64Array.from(ends, (bar) => close[bar]!);

  function follow(run: DaysOfRun, { cash, units }: Held, to: number): void {
    const { equity, first } = run;
    let day = run.next;
    if (units === 0) while (day < ends.length && ends[day]! < to) equity[day++ - first] = cash;
    else for (; day < ends.length && ends[day]! < to; day++) equity[day - first] = cash + units * closes[day]!;
    run.next = day;
  }

  return {
    start: (): DaysOfRun => ({ equity: new Float64Array(ends.length), first: 0, next: 0, settled: NOTHING }),
    /** Goes on behind `bar` bars, where a run of them ended with `held` and what {@link DailyFigures} say. */
    goOn(bar: number, held: Held, settled: ArrayLike<number>): DaysOfRun {
      const first = ends.findIndex((end) => end >= bar - 1);
      const run = { equity: new Float64Array(ends.length - first), first, next: first, settled };
      // The day is over where no other bar is of it.
      follow(run, held, bar);
      return run;
    },
    /** Goes on to the bars before `to`. */
    follow,
    figures({ equity, first, settled }: DaysOfRun): DailyFigures {
      const values = first === 0 ? equity : behind(settled[1]!, equity);
      const returns = returnsOf(values);
      const sums = new ReturnSums(Math.max(0, first - 1), Array.from(settled).slice(2));
      const most = Math.max(0, returns.length - 1);
      sums.addAll(returns.subarray(0, most));
      const opening = first === 0 ? (values[0] ?? NaN) : settled[0]!;
      const isOne = first + equity.length < 2;
      const end = isOne ? NOTHING : [opening, values.at(-2)!, ...sums.parts()];
      sums.addAll(returns.subarray(most));
      return { moments: sums.spread(), growth: (values.at(-1) ?? NaN) / opening, end: [...end] };
    },
  };
}

function behind(value: number, values: Float64Array): Float64Array {
  const all = new Float64Array(1 + values.length);
  all[0] = value;
  all.set(values, 1);
  return all;
}

function lastBars(ts: Float64Array, zone: ZoneOffsets): Int32Array {
  const bars: number[] = [];
  for (let i = 0; i < ts.length;) {
    i = firstAtOrAfter(momentOf(zone, (localDay(zone, ts[i]!) + 1) * DAY_MS), ts, i + 1);
    bars.push(i - 1);
  }
  return Int32Array.from(bars);
}
