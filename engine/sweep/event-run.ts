import type { Bars } from '../../shared/bars.ts';
import type { AccountSpec } from '../../shared/spec.ts';
import { createCosts } from '../costs.ts';
import { decide } from '../decision.ts';
import { plainInstrument } from '../instrument.ts';
import { createSizer } from '../sizing.ts';
import type { Strategy } from '../strategy.ts';
import { UTC, type ZoneOffsets } from '../timeframes/local-time.ts';
import { createDayEnds, type DaysOfRun } from './day-ends.ts';
import { createFall, deepestFall, type FallOfRun } from './fall.ts';
import { createSignalReader, nextEvent, signalAt } from '../signal-bits.ts';

/** How a run from event to event ended. */
export interface EventRun {
  lastEquity: number;
  /** The last equity of each local day. */
  dailyEquity: Float64Array;
  /** Deepest fall from the highest equity so far, a fraction ≤ 0. */
  maxDrawdown: number;
  /** Closed trades. */
  trades: number;
}

interface Account {
  cash: number;
  /** Signed; 0 while flat. */
  units: number;
  trades: number;
}

interface Run {
  readonly strategy: Strategy;
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

/**
 * Runs strategies on the same bars as `createSimulation` does, with the same arithmetic and so the same bytes, but looks only at bars at which
 * something happens: a signal that matters, the end of a day, a new extreme. The bars were checked. Null for a run whose equity was used up.
 */
export function createEventRuns(
  bars: Bars,
  account: AccountSpec,
  zone: ZoneOffsets = UTC,
): (strategies: readonly Strategy[]) => (EventRun | null)[] {
  const total = bars.ts.length;
  const fills = createFills(bars, account);
  const days = createDayEnds(bars, zone);
  const fall = createFall(bars);
  const read = createSignalReader(TILE);

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

  return (strategies) => {
    const runs = strategies.map((strategy): Run => {
      const own = { cash: account.cash, units: 0, trades: 0 };
      return { strategy, account: own, days: days.start(), fall: fall.start(account.cash), wanted: null, isBankrupt: false };
    });
    for (let start = 0; start < total; start += TILE) {
      for (const run of runs) if (!run.isBankrupt) advance(run, start, Math.min(start + TILE, total));
    }
    return runs.map((run) => (run.isBankrupt ? null : endOf(run, bars)));
  };
}

function endOf({ account: { cash, units, trades }, days, fall }: Run, { close }: Bars): EventRun {
  const lastEquity = units === 0 ? cash : cash + units * close.at(-1)!;
  return { lastEquity: close.length === 0 ? NaN : lastEquity, dailyEquity: days.equity, maxDrawdown: deepestFall(fall), trades };
}

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
