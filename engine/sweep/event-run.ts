import type { Bars } from '../../shared/bars.ts';
import type { AccountSpec } from '../../shared/spec.ts';
import { createCosts } from '../costs.ts';
import { decide } from '../decision.ts';
import { plainInstrument } from '../instrument.ts';
import { createSizer } from '../sizing.ts';
import type { Strategy } from '../strategy.ts';
import { UTC, type ZoneOffsets } from '../timeframes/local-time.ts';
import { createDayEnds } from './day-ends.ts';
import { createFall } from './fall.ts';
import { nextEvent, signalAt, signalBits } from './signal-bits.ts';

/** How a run from event to event ended. */
export interface EventRun {
  /** True where the equity was used up: then nothing else here means anything. */
  isBankrupt: boolean;
  lastEquity: number;
  /** The last equity of each local day; scratch memory, overwritten by the next run. */
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

/**
 * Runs strategies on the same bars as `createSimulation` does, with the same arithmetic and so the same bytes, but looks only at bars at which
 * something happens: a signal that matters, the end of a day, a new extreme. The bars were checked.
 */
export function createEventRun(bars: Bars, account: AccountSpec, zone: ZoneOffsets = UTC): (strategy: Strategy) => EventRun {
  const total = bars.ts.length;
  const fills = createFills(bars, account);
  const days = createDayEnds(bars, zone);
  const fall = createFall(bars);

  return (strategy) => {
    const bits = signalBits(strategy, total);
    const now: Account = { cash: account.cash, units: 0, trades: 0 };
    days.restart();
    fall.restart(account.cash);
    let from = 0;
    let wanted: -1 | 0 | 1 | null = null;
    while (from < total) {
      if (wanted !== null) fills.fill(now, wanted, from);
      const side = Math.sign(now.units);
      const event = nextEvent(bits, side, { from: Math.max(from, strategy.firstDecision), total });
      const to = Math.min(event + 1, total);
      if (!fall.follow(now, from, to))
        return { isBankrupt: true, lastEquity: NaN, dailyEquity: days.equity, maxDrawdown: NaN, trades: now.trades };
      days.follow(now, to);
      wanted = event < total ? decide(signalAt(bits, event), side) : null;
      from = to;
    }
    const lastEquity = total === 0 ? NaN : now.units === 0 ? now.cash : now.cash + now.units * bars.close[total - 1]!;
    return { isBankrupt: false, lastEquity, dailyEquity: days.equity, maxDrawdown: fall.deepest(), trades: now.trades };
  };
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
