import type { Bars } from '../shared/bars.ts';
import { createNormals, createWords } from './random-numbers.ts';
import { barsUntil, marketPart, YEAR_MS, type MarketBlock, type WalkPlan } from './synthetic-returns.ts';
import { createSpareMemory } from './spare-memory.ts';
import { columnOf, withColumns } from './time-chunks.ts';

/** Prices stay within this factor of the start: millions of daily bars are thousands of years, whose drift would overflow. */
const WIDEST = 10_000;

/** A wick is half a deviation long at most, in 2,048 steps. */
const REACH = 1 / 4096;

/** Bars that are made at a time: what one step leaves for the next stays in the nearest cache. */
const PIECE = 2_048;

/**
 * Makes the bars of a symbol, one block after the other: each opens at the close before, and reaches a little above and below both. They
 * depend on its name and the plan alone, and fewer bars are the beginning of more.
 */
export function createWalk(symbol: string, plan: WalkPlan): (block: MarketBlock) => Bars {
  const wicks = createWords(`${plan.seed}:${symbol}:wicks`);
  const logReturns = createLogReturns(symbol, plan);
  const bounds = { top: plan.startPrice * WIDEST, bottom: plan.startPrice / WIDEST };
  const usual = plan.volatility * Math.sqrt(plan.step / YEAR_MS) * REACH;
  const spare = createSpareMemory();
  const scratch = { words: new Int32Array(PIECE), reaches: new Float64Array(PIECE).fill(usual) };
  let last = plan.startPrice;

  function piece(block: MarketBlock, bars: Bars): void {
    const { length } = bars.ts;
    const words = scratch.words.subarray(0, length);
    const reaches = scratch.reaches.subarray(0, length);
    const { deviation } = block;
    if (deviation !== null) for (let i = 0; i < length; i++) reaches[i] = deviation[i]! * REACH;
    wicks.fill(words);
    logReturns(block, bars.close);
    last = follow(bars, last, bounds);
    draw(bars, words, reaches);
    countTimes(bars.ts, plan.start + block.from * plan.step, plan.step);
    if (block.activity !== null) scaleVolume(bars.volume, block.activity);
  }

  return (block) => {
    const column = (name: string) => spare.doubles(name, block.length);
    const [ts, open, high] = [column('ts'), column('open'), column('high')];
    const bars: Bars = { symbol, ts, open, high, low: column('low'), close: column('close'), volume: column('volume') };
    spare.turn();
    for (let from = 0; from < block.length; from += PIECE) {
      const to = Math.min(block.length, from + PIECE);
      piece(
        marketPart(block, from, to),
        withColumns(bars, (name) => columnOf(bars, name).subarray(from, to)),
      );
    }
    return bars;
  };
}

/** Turns log returns (in `close`) into opens and closes; gives the last close. The price is mirrored at the edges. */
function follow({ open, close }: Bars, first: number, { top, bottom }: { top: number; bottom: number }): number {
  let price = Number(first); // a parameter as it is may be anything to the compiler, which would box the price of each bar
  for (let i = 0; i < close.length; i++) {
    const before = price;
    const growth = exp(close[i]!);
    price = before * growth;
    if (!(price > bottom && price < top)) price = Math.min(top, Math.max(bottom, before / growth));
    open[i] = before;
    close[i] = price;
  }
  return price;
}

/** Wicks and volumes. One word serves three draws: 11 bits for each wick, 10 for the volume. */
function draw({ open, high, low, close, volume }: Bars, words: Int32Array, reaches: Float64Array): void {
  for (let i = 0; i < open.length; i++) {
    const before = open[i]!;
    const price = close[i]!;
    const word = words[i]!;
    const reach = reaches[i]!;
    // The larger and the smaller one without asking which: the processor guesses wrong every other time. Exact for moves of less than the double.
    const up = price - before;
    const rise = 0.5 * (up + Math.abs(up));
    const isExact = up < before;
    high[i] = (isExact ? before + rise : Math.max(before, price)) * (1 + reach * (word & 2047));
    low[i] = (isExact ? price - rise : Math.min(before, price)) / (1 + reach * ((word >>> 11) & 2047));
    volume[i] = 1_000 + 9 * (word >>> 22);
  }
}

function countTimes(ts: Float64Array, first: number, step: number): void {
  for (let i = 0; i < ts.length; i++) ts[i] = first + i * step;
}

function scaleVolume(volume: Float64Array, activity: Float64Array): void {
  for (let i = 0; i < volume.length; i++) volume[i] = Math.floor(volume[i]! * activity[i]!);
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
  const usual = { mean: plan.drift * years, deviation: plan.volatility * Math.sqrt(years) };
  const shares = { common: Math.sqrt(plan.correlation), own: Math.sqrt(1 - plan.correlation) };
  return ({ from, common, mean, deviation }, out) => {
    normals(out);
    if (common !== null) mix(out, common, shares);
    if (mean === null || deviation === null) scaleBy(out, usual);
    else scaleEach(out, mean, deviation);
    addJumps?.(from, out);
  };
}

function mix(out: Float64Array, common: Float64Array, shares: { common: number; own: number }): void {
  for (let i = 0; i < out.length; i++) out[i] = shares.common * common[i]! + shares.own * out[i]!;
}

function scaleBy(out: Float64Array, { mean, deviation }: { mean: number; deviation: number }): void {
  for (let i = 0; i < out.length; i++) out[i] = mean + deviation * out[i]!;
}

function scaleEach(out: Float64Array, mean: Float64Array, deviation: Float64Array): void {
  for (let i = 0; i < out.length; i++) out[i] = mean[i]! + deviation[i]! * out[i]!;
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
