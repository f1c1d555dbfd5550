import { CompensatedSum } from '../compensated-sum.ts';

export interface Holding {
  /** Share of bars at whose close a position was open. */
  exposure: number;
  meanEquity: number;
  lastEquity: number;
  /** Times of the first and the last bar, in milliseconds. */
  firstTs: number;
  lastTs: number;
}

/** Follows what the account held, bar by bar. All figures are NaN where there was no bar. */
export function createHolding(): { add(ts: Float64Array, equity: Float64Array, exposure: Float64Array): void; finish(): Holding } {
  const sum = new CompensatedSum();
  let bars = 0;
  let invested = 0;
  let lastEquity = NaN;
  let firstTs = NaN;
  let lastTs = NaN;
  return {
    add(ts, equity, exposure) {
      if (bars === 0 && ts.length > 0) firstTs = ts[0]!;
      sum.addAll(equity);
      invested += countOpen(exposure);
      bars += ts.length;
      lastTs = ts.at(-1) ?? lastTs;
      lastEquity = equity.at(-1) ?? lastEquity;
    },
    finish: () => ({ exposure: invested / bars, meanEquity: sum.value / bars, lastEquity, firstTs, lastTs }),
  };
}

/** In plain words, without a length to look up at each turn: V8 takes long to compile this well, and until then that would cost ten times as much. */
function countOpen(exposure: Float64Array): number {
  const { length } = exposure;
  let open = 0;
  for (let i = 0; i < length; i++) if (exposure[i] !== 0) open++;
  return open;
}

/** Traded money (every fill, both sides of a trade) over mean equity, a year of 365.25 days. */
export function turnover(tradedMoney: number, meanEquity: number, years: number): number {
  return tradedMoney / meanEquity / years;
}
