import type { Bars } from '../../shared/bars.ts';
import type { AccountSpec } from '../../shared/spec.ts';
import { createCosts } from '../costs.ts';
import { decide } from '../decision.ts';
import { plainInstrument } from '../instrument.ts';
import { createSizer } from '../sizing.ts';
import type { Strategy } from '../strategy.ts';
import { UTC, type ZoneOffsets } from '../timeframes/local-time.ts';
import { createDayEnds, DAYS_END, type DailyFigures, type DaysOfRun } from './day-ends.ts';
import { createFall, deepestFall, type FallOfRun } from './fall.ts';
import { createSignalReader, nextEvent, signalAt } from '../signal-bits.ts';

/** How a run from event to event ended. */
export interface EventRun extends Pick<DailyFigures, 'moments' | 'growth'> {
  lastEquity: number;
  /** Deepest fall from the highest equity so far, a fraction ≤ 0. */
  maxDrawdown: number;
  /** Closed trades. */
  trades: number;
  /** By {@link RUN_END}. */
  end: Float64Array;
}

/** All that a run goes on from behind the last of its bars. */
export const RUN_END = ['cash', 'units', 'trades', 'wanted', 'peak', 'trough', 'deepest', ...DAYS_END] as const;

/** As `wanted`: no order, and an account that was used up, of which nothing else is said. */
const NO_ORDER = 2;
const BANKRUPT = 3;

/** The end of a run whose account was used up: later bars change nothing in it. */
export const BANKRUPT_END: Float64Array = Float64Array.from(RUN_END, (name) => (name === 'wanted' ? BANKRUPT : 0));

export function isBankruptEnd(end: Float64Array): boolean {
  return end[3] === BANKRUPT;
}

interface Account {
  cash: number;
  /** Signed; 0 while flat. */
  units: number;
  trades: number;
}

interface Run {
  readonly strategy: Strategy;
  /** Its first bar. */
  readonly from: number;
  readonly account: Account;
  readonly days: DaysOfRun;
  readonly fall: FallOfRun;
  /** The order for the next open. */
  wanted: -1 | 0 | 1 | null;
  /** Nothing else means anything then. */
  isBankrupt: boolean;
}

/** Bars that all runs go through before the next: what they read of them stays in the processor's second cache. */
const TILE = 4_096;

/** Where runs of the first `bar` bars have ended, for those that go on there. */
export interface GoOn {
  bar: number;
  /** By {@link RUN_END}, one for each run; null for one that begins at the first bar. */
  ends: readonly (Float64Array | null)[];
}

/**
 * Runs strategies on the same bars as `createSimulation` does, with the same arithmetic and so the same bytes, but looks only at bars at which
 * something happens: a signal that matters, the end of a day, a new extreme. The bars were checked. Null for a run whose equity was used up.
 */
export function createEventRuns(
  bars: Bars,
  account: AccountSpec,
  zone: ZoneOffsets = UTC,
): (strategies: readonly Strategy[], goOn?: GoOn) => (EventRun | null)[] {
  const total = bars.ts.length;
  const fills = createFills(bars, account);
  const days = createDayEnds(bars, zone);
  const fall = createFall(bars);
  const read = createSignalReader(TILE);
  const ends = createEnds(bars, account.cash, { days, fall });

  /** Takes one run through the bars [start, end) of a tile. */
  function advance(run: Run, start: number, end: number): void {
    const { strategy, account: now } = run;
    const bits = read(strategy, start, end);
    let from = start;
    while (from < end) {
      if (run.wanted !== null) fills.fill(now, run.wanted, from);
      const side = Math.sign(now.units);
      const event = start + nextEvent(bits, side, { from: Math.max(from, strategy.firstDecision) - start, total: end - start });
      const to = Math.min(event + 1, end);
      run.isBankrupt = !fall.follow(run.fall, now, from, to);
      if (run.isBankrupt) return;
      days.follow(run.days, now, to);
      run.wanted = event < end ? decide(signalAt(bits, event - start), side) : null;
      from = to;
    }
  }

  return (strategies, goOn) => {
    const runs = strategies.map((strategy, k) => {
      const end = goOn?.ends[k] ?? null;
      return end === null ? ends.begin(strategy) : ends.goOnFrom(strategy, goOn!.bar, end);
    });
    const first = runs.reduce((least, { from }) => Math.min(least, from), total);
    for (let start = first - (first % TILE); start < total; start += TILE) {
      const end = Math.min(start + TILE, total);
      for (const run of runs) if (!run.isBankrupt && run.from < end) advance(run, Math.max(start, run.from), end);
    }
    return runs.map((run) => (run.isBankrupt ? null : ends.endOf(run)));
  };
}

/** How a run begins, and how it ends. */
function createEnds(
  { ts, close }: Bars,
  start: number,
  { days, fall }: { days: ReturnType<typeof createDayEnds>; fall: ReturnType<typeof createFall> },
) {
  return {
    begin: (strategy: Strategy): Run => ({
      strategy,
      from: 0,
      account: { cash: start, units: 0, trades: 0 },
      days: days.start(),
      fall: fall.start(start),
      wanted: null,
      isBankrupt: false,
    }),
    goOnFrom(strategy: Strategy, bar: number, end: Float64Array): Run {
      const [cash, units, trades, wanted, peak, trough, deepest] = end as unknown as Numbers;
      return {
        strategy,
        from: bar,
        account: { cash, units, trades },
        days: days.goOn(bar, { cash, units }, end.subarray(RUN_END.length - DAYS_END.length)),
        fall: { peak, trough, deepest },
        wanted: wanted === NO_ORDER ? null : (wanted as -1 | 0 | 1),
        isBankrupt: false,
      };
    },
    endOf({ account: { cash, units, trades }, days: ofDays, fall: ofFall, wanted }: Run): EventRun {
      const { moments, growth, end } = days.figures(ofDays);
      const { peak, trough, deepest } = ofFall;
      const lastEquity = units === 0 ? cash : cash + units * close.at(-1)!;
      return {
        lastEquity: ts.length === 0 ? NaN : lastEquity,
        moments,
        growth,
        maxDrawdown: deepestFall(ofFall),
        trades,
        end: Float64Array.of(cash, units, trades, wanted ?? NO_ORDER, peak, trough, deepest, ...end),
      };
    },
  };
}

type Numbers = [number, number, number, number, number, number, number];

/** Market orders at the opens, with the arithmetic of the book. */
function createFills({ open }: Bars, account: AccountSpec) {
  const instrument = plainInstrument(account);
  const costs = createCosts(account, instrument);
  const sizer = createSizer(account, instrument);
  return {
    /** Closes what is held, and enters `target` with the money after that, or with nothing where the money does not suffice. */
    fill(now: Account, target: -1 | 0 | 1, bar: number): void {
      const quote = open[bar]!;
      if (now.units !== 0) {
        const price = costs.fillPrice(quote, -Math.sign(now.units));
        now.cash += now.units * price - costs.fee(now.units, price);
        now.units = 0;
        now.trades++;
      }
      if (target === 0) return;
      const price = costs.fillPrice(quote, target);
      const power = account.leverage * now.cash;
      const units = sizer.wanted(null, power, price);
      if (!sizer.affords(units, power, price)) return;
      now.cash -= target * units * price + costs.fee(units, price);
      now.units = target * units;
    },
  };
}
