import { DAY_MS } from '../engine/timeframes/local-time.ts';
import type { SyntheticSpec } from '../shared/synthetic.ts';
import { createNormals, createWords, uniform } from './random-numbers.ts';

/** Generated markets never close. */
export const YEAR_MS = 365 * DAY_MS;

export interface WalkPlan extends SyntheticSpec {
  /** Time of the first bar, and ms from bar to bar. */
  start: number;
  step: number;
}

/** What all symbols of a request have in common, for the bars of one block. Arrays are good until the next block. */
export interface MarketBlock {
  from: number;
  length: number;
  /** Standard normal: what moves all symbols; null where nothing does. */
  common: Float64Array | null;
  /** Mean and deviation of the log return of each bar; null where they are those of the plan. */
  mean: Float64Array | null;
  deviation: Float64Array | null;
  /** Of the volume; null for 1. */
  activity: Float64Array | null;
}

/** A part of a block, as views. */
export function marketPart(block: MarketBlock, from: number, to: number): MarketBlock {
  const cut = (column: Float64Array | null): Float64Array | null => column?.subarray(from, to) ?? null;
  const { common, mean, deviation, activity } = block;
  return {
    from: block.from + from,
    length: to - from,
    common: cut(common),
    mean: cut(mean),
    deviation: cut(deviation),
    activity: cut(activity),
  };
}

/** Makes the blocks of a market in the order of time; they depend on the plan alone, and not on how they are cut. No block is longer than the first. */
export function createMarketBlocks(plan: WalkPlan): (from: number, to: number) => MarketBlock {
  const { regimes, step, seed, correlation } = plan;
  const years = step / YEAR_MS;
  const season = plan.seasonality > 0 && step < DAY_MS ? createSeason(plan) : null;
  const fillRegimes = regimes && createRegimes(plan);
  const normals = correlation > 0 ? createNormals(`${seed}:market`) : null;
  const isPlain = season === null && fillRegimes === undefined;
  const memory: Partial<Record<'common' | 'mean' | 'deviation' | 'activity', Float64Array>> = {};
  const column = (name: keyof typeof memory, length: number) => (memory[name] ??= new Float64Array(length)).subarray(0, length);
  return (from, to) => {
    const length = to - from;
    const block: MarketBlock = { from, length, common: null, mean: null, deviation: null, activity: null };
    if (normals !== null) normals((block.common = column('common', length)));
    if (isPlain) return block;
    const mean = (block.mean = column('mean', length));
    const deviation = (block.deviation = column('deviation', length));
    const activity = (block.activity = column('activity', length));
    if (season === null) activity.fill(1);
    else season(from, activity);
    if (fillRegimes === undefined) {
      mean.fill(plan.drift * years);
      deviation.fill(plan.volatility);
    } else fillRegimes(from, mean, deviation);
    toBars(deviation, activity, years);
    return block;
  };
}

/** Deviations of a year become those of a bar. */
function toBars(deviation: Float64Array, activity: Float64Array, years: number): void {
  for (let i = 0; i < deviation.length; i++) deviation[i] = deviation[i]! * Math.sqrt(years * activity[i]!);
}

/**
 * A parabola over the day (UTC), 1 on average: 1 + a (12 (x - 1/2)² - 1) at the share x of the day that has passed at the middle of the bar. Rather
 * than a cosine, since that may differ between machines.
 */
function createSeason({ seasonality, start, step }: WalkPlan): (from: number, out: Float64Array) => void {
  const first = (((start + step / 2) % DAY_MS) + DAY_MS) % DAY_MS;
  return (from, out) => {
    let into = (first + from * step) % DAY_MS;
    for (let i = 0; i < out.length; i++) {
      const x = into / DAY_MS - 0.5;
      out[i] = 1 + seasonality * (12 * x * x - 1);
      into += step;
      if (into >= DAY_MS) into -= DAY_MS;
    }
  };
}

/**
 * Writes mean (of a bar) and deviation (of a year) of the regime of each bar, asked for in order. A regime lasts a geometric number of bars, and is
 * followed by any other with the same chance.
 */
function createRegimes({ regimes, seed, step }: WalkPlan): (from: number, mean: Float64Array, deviation: Float64Array) => void {
  const all = regimes!;
  const words = createWords(`${seed}:regimes`);
  let now = 0;
  let until = barsUntil(words, step / (all[0]!.days * DAY_MS));
  return (from, mean, deviation) => {
    for (let at = from; at < from + mean.length;) {
      while (at >= until) {
        const other = Math.floor(uniform(words) * (all.length - 1));
        now = other < now ? other : other + 1;
        until += barsUntil(words, step / (all[now]!.days * DAY_MS));
      }
      const end = Math.min(until, from + mean.length);
      mean.fill(all[now]!.drift * (step / YEAR_MS), at - from, end - from);
      deviation.fill(all[now]!.volatility, at - from, end - from);
      at = end;
    }
  };
}

/** Bars up to and including one that has this chance in each: geometric, 1 at least. */
export function barsUntil(words: ReturnType<typeof createWords>, chance: number): number {
  return chance >= 1 ? 1 : 1 + Math.floor(Math.log(uniform(words)) / Math.log(1 - chance));
}
