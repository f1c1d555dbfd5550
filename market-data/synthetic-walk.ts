import type { Bars } from '../shared/bars.ts';
import { createNormals, createWords } from './random-numbers.ts';
import { barsUntil, YEAR_MS, type MarketBlock, type WalkPlan } from './synthetic-returns.ts';

/** Prices stay within this factor of the start: millions of daily bars are thousands of years, whose drift would overflow. */
const WIDEST = 10_000;

/** A wick is half a deviation long at most, in 2,048 steps. */
const REACH = 1 / 4096;

/**
 * Makes the bars of a symbol, one block after the other: each opens at the close before, and reaches a little above and below both. They
 * depend on its name and the plan alone, and fewer bars are the beginning of more.
 */
export function createWalk(symbol: string, plan: WalkPlan): (block: MarketBlock) => Bars {
  const wicks = createWords(`${plan.seed}:${symbol}:wicks`);
  const logReturns = createLogReturns(symbol, plan);
  const top = plan.startPrice * WIDEST;
  const bottom = plan.startPrice / WIDEST;
  const usual = plan.volatility * Math.sqrt(plan.step / YEAR_MS) * REACH;
  let last = plan.startPrice;
  return (block) => {
    const column = (): Float64Array => new Float64Array(block.length);
    const bars: Bars = { symbol, ts: column(), open: column(), high: column(), low: column(), close: column(), volume: column() };
    const { ts, open, high, low, close, volume } = bars;
    const { deviation: reaches, activity } = block;
    const first = plan.start + block.from * plan.step;
    const words = new Int32Array(block.length);
    wicks.fill(words);
    logReturns(block, close);
    let price = last;
    for (let i = 0; i < close.length; i++) {
      const before = price;
      const growth = exp(close[i]!);
      price = before * growth;
      if (!(price > bottom && price < top)) price = Math.min(top, Math.max(bottom, before / growth)); // mirrored at the edge
      ts[i] = first + i * plan.step;
      open[i] = before;
      close[i] = price;
      // One word serves three draws: 11 bits for each wick, 10 for the volume.
      const word = words[i]!;
      const reach = reaches === null ? usual : reaches[i]! * REACH;
      high[i] = Math.max(before, price) * (1 + reach * (word & 2047));
      low[i] = Math.min(before, price) / (1 + reach * ((word >>> 11) & 2047));
      volume[i] = 1_000 + 9 * (word >>> 22);
    }
    if (activity !== null) for (let i = 0; i < volume.length; i++) volume[i] = Math.floor(volume[i]! * activity[i]!);
    last = price;
    return bars;
  };
}

/** Below this the series is as good as the function to the last bits, and quicker. */
const SMALL = 0.05;

function exp(x: number): number {
  if (x > SMALL || x < -SMALL) return Math.exp(x);
  const square = x * x;
  return 1 + x + square * (0.5 + x * (1 / 6) + square * (1 / 24 + x * (1 / 120) + square * (1 / 720 + x * (1 / 5040))));
}

/** Writes log returns: mean + deviation (√ρ common + √(1 - ρ) own), and what jumps add. */
function createLogReturns(symbol: string, plan: WalkPlan): (block: MarketBlock, out: Float64Array) => void {
  const normals = createNormals(`${plan.seed}:${symbol}:returns`);
  const addJumps = plan.jumps && createJumps(symbol, plan, plan.jumps);
  const years = plan.step / YEAR_MS;
  const [usualMean, usualDeviation] = [plan.drift * years, plan.volatility * Math.sqrt(years)];
  const [ofCommon, ofOwn] = [Math.sqrt(plan.correlation), Math.sqrt(1 - plan.correlation)];
  return ({ from, common, mean, deviation }, out) => {
    normals(out);
    if (common !== null) for (let i = 0; i < out.length; i++) out[i] = ofCommon * common[i]! + ofOwn * out[i]!;
    if (mean === null || deviation === null) for (let i = 0; i < out.length; i++) out[i] = usualMean + usualDeviation * out[i]!;
    else for (let i = 0; i < out.length; i++) out[i] = mean[i]! + deviation[i]! * out[i]!;
    addJumps?.(from, out);
  };
}

/** Jumps come at random bars, as a Poisson process has them, but for one in a bar at most; their log returns are normal. */
function createJumps(symbol: string, { seed, step }: WalkPlan, { perYear, mean, deviation }: NonNullable<WalkPlan['jumps']>) {
  const times = createWords(`${seed}:${symbol}:jump-times`);
  const sizes = createNormals(`${seed}:${symbol}:jump-sizes`);
  const chance = 1 - Math.exp((-perYear * step) / YEAR_MS);
  const size = new Float64Array(1);
  let next = barsUntil(times, chance) - 1;
  return (from: number, out: Float64Array): void => {
    for (; next < from + out.length; next += barsUntil(times, chance)) {
      sizes(size);
      out[next - from]! += mean + deviation * size[0]!;
    }
  };
}
