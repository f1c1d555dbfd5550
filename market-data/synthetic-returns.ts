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

/** Makes the blocks of a market in the order of time; they depend on the plan alone, and not on how they are cut. */
export function createMarketBlocks(plan: WalkPlan): (from: number, to: number) => MarketBlock {
  const { regimes, step, seed, correlation } = plan;
  const years = step / YEAR_MS;
  const season = plan.seasonality > 0 && step < DAY_MS ? seasonOf(plan) : null;
  const regimeAt = regimes && createRegimes(plan);
  const common = correlation > 0 ? createNormals(`${seed}:market`) : null;
  return (from, to) => {
    const length = to - from;
    const column = (): Float64Array => new Float64Array(length);
    const block: MarketBlock = { from, length, common: null, mean: null, deviation: null, activity: null };
    if (common !== null) common((block.common = column()));
    if (season === null && regimeAt === undefined) return block;
    const [mean, deviation, activity] = [column(), column(), column()];
    for (let i = 0; i < length; i++) {
      const { drift, volatility } = regimeAt?.(from + i) ?? plan;
      activity[i] = season?.(from + i) ?? 1;
      mean[i] = drift * years;
      deviation[i] = volatility * Math.sqrt(years * activity[i]!);
    }
    return { ...block, mean, deviation, activity };
  };
}

/**
 * A parabola over the day (UTC), 1 on average: 1 + a (12 (x - 1/2)² - 1) at the share x of the day that has passed at the middle of the bar. Rather
 * than a cosine, since that may differ between machines.
 */
function seasonOf({ seasonality, start, step }: WalkPlan): (bar: number) => number {
  return (bar) => {
    const into = (start + bar * step + step / 2) % DAY_MS;
    const x = (into < 0 ? into + DAY_MS : into) / DAY_MS - 0.5;
    return 1 + seasonality * (12 * x * x - 1);
  };
}

type Regime = NonNullable<SyntheticSpec['regimes']>[number];

/** The regime of each bar, asked for in order. It lasts a geometric number of bars, and is followed by any other with the same chance. */
function createRegimes({ regimes, seed, step }: WalkPlan): (bar: number) => Regime {
  const all = regimes!;
  const words = createWords(`${seed}:regimes`);
  let now = 0;
  let until = barsUntil(words, step / (all[0]!.days * DAY_MS));
  return (bar) => {
    while (bar >= until) {
      const other = Math.floor(uniform(words) * (all.length - 1));
      now = other < now ? other : other + 1;
      until += barsUntil(words, step / (all[now]!.days * DAY_MS));
    }
    return all[now]!;
  };
}

/** Bars up to and including one that has this chance in each: geometric, 1 at least. */
export function barsUntil(words: ReturnType<typeof createWords>, chance: number): number {
  return chance >= 1 ? 1 : 1 + Math.floor(Math.log(uniform(words)) / Math.log(1 - chance));
}
