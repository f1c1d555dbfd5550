import type { Bars } from '../../shared/bars.ts';
import { streamedPart } from '../indicators/streamed-columns.ts';
import type { Instrument } from '../instrument.ts';
import { mergeTimes } from '../timeframes/merge-times.ts';

/**
 * The bars of all symbols along one timeline: the union of their times. A symbol without a bar at a time keeps its last close as its price
 * and does not trade. Prices are those of a moment: the opens from `toOpens` on, the closes from `toCloses` on.
 */
export interface Market {
  readonly bars: readonly Bars[];
  readonly instruments: readonly Instrument[];
  readonly times: Float64Array;
  /** Row of each symbol's last bar in its own columns; -1 before the first. */
  readonly rows: Int32Array;
  /** 1 where the symbol has a bar at this time. */
  readonly trades: Uint8Array;
  /** Last known price of each symbol; NaN before its first bar. */
  readonly prices: Float64Array;
  /** Account currency for one unit of the instrument's currency: 1 where they are the same. */
  rateOf(symbol: number): number;
  /** Goes to just after the close of the bar before `bar`. */
  seek(bar: number): void;
  toOpens(bar: number): void;
  toCloses(): void;
}

/** `timeline`: the union of the times, where the bars are streamed and it cannot be made of them. */
export function createMarket(bars: readonly Bars[], instruments: readonly Instrument[], timeline?: Float64Array): Market {
  const times = timeline ?? mergeTimes(bars.map(({ ts }) => ts));
  const rows = new Int32Array(bars.length).fill(-1);
  const trades = new Uint8Array(bars.length);
  const prices = new Float64Array(bars.length).fill(NaN);
  const count = bars.length;

  return {
    bars,
    instruments,
    times,
    rows,
    trades,
    prices,
    rateOf(symbol) {
      const { rate } = instruments[symbol]!;
      if (rate === null) return 1;
      const price = prices[rate.symbol]!;
      return rate.inverse ? 1 / price : price;
    },
    seek(bar) {
      for (let s = 0; s < count; s++) {
        const { ts, close } = bars[s]!;
        const row = bar === 0 ? -1 : lastAt(ts, times[bar - 1]!);
        rows[s] = row;
        trades[s] = row >= 0 && ts[row] === times[bar - 1] ? 1 : 0;
        prices[s] = row < 0 ? NaN : close[row]!;
      }
    },
    toOpens(bar) {
      const now = times[bar]!;
      for (let s = 0; s < count; s++) {
        const { ts, open } = bars[s]!;
        const next = rows[s]! + 1;
        if (ts[next] === now) {
          rows[s] = next;
          trades[s] = 1;
          prices[s] = open[next]!;
        } else trades[s] = 0;
      }
    },
    toCloses() {
      for (let s = 0; s < count; s++) if (trades[s] === 1) prices[s] = bars[s]!.close[rows[s]!]!;
    },
  };
}

/** Index of the last time at or before `time`; -1 where there is none. */
function lastAt(times: Float64Array, time: number): number {
  const part = streamedPart(times);
  let low = part?.kept ?? 0;
  let high = part?.to ?? times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle]! <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
