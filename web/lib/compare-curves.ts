/** A run's equity at times that rise. */
export interface EquityCurve {
  times: Float64Array;
  equity: Float64Array;
}

const DAY_MS = 86_400_000;

/** Growth of one unit of money, day by day (of UTC), on the days that all curves cover: each day has what was there at its end. */
export interface CommonGrowth {
  days: Float64Array;
  /** By curve. All are 1 on the first day. */
  growth: Float64Array[];
}

/** Null where they have fewer than two days in common. */
export function commonGrowth(curves: readonly EquityCurve[]): CommonGrowth | null {
  if (curves.length === 0 || curves.some(({ times }) => times.length === 0)) return null;
  const first = Math.max(...curves.map(({ times }) => dayOf(times[0]!)));
  const last = Math.min(...curves.map(({ times }) => dayOf(times.at(-1)!)));
  const traded = new Set<number>();
  for (const { times } of curves) for (const time of times) if (dayOf(time) >= first && dayOf(time) <= last) traded.add(dayOf(time));
  const days = Float64Array.from(traded).sort();
  if (days.length < 2) return null;
  return { days: days.map((day) => day * DAY_MS), growth: curves.map((curve) => grownOn(curve, days)) };
}

const dayOf = (time: number): number => Math.floor(time / DAY_MS);

function grownOn({ times, equity }: EquityCurve, days: Float64Array): Float64Array {
  const out = new Float64Array(days.length);
  let at = 0;
  days.forEach((day, index) => {
    while (at + 1 < times.length && dayOf(times[at + 1]!) <= day) at++;
    out[index] = equity[at]!;
  });
  const start = out[0]!;
  return out.map((value) => value / start);
}

export function returnsOf(growth: Float64Array): Float64Array {
  return Float64Array.from({ length: growth.length - 1 }, (_, index) => growth[index + 1]! / growth[index]! - 1);
}

/** Pearson's. NaN where one of them does not move. */
export function correlation(a: Float64Array, b: Float64Array): number {
  const [meanA, meanB] = [mean(a), mean(b)];
  let [both, ofA, ofB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    both += (a[i]! - meanA) * (b[i]! - meanB);
    ofA += (a[i]! - meanA) ** 2;
    ofB += (b[i]! - meanB) ** 2;
  }
  return both / Math.sqrt(ofA * ofB);
}

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;

/** The same money in each, put there once and left there. */
export function equalWeight(growth: readonly Float64Array[]): Float64Array {
  return Float64Array.from({ length: growth[0]!.length }, (_, day) => growth.reduce((sum, each) => sum + each[day]!, 0) / growth.length);
}

export interface GrowthFigures {
  totalReturn: number;
  /** A year, from daily returns; as many a year as there were. */
  sharpe: number;
  volatility: number;
  maxDrawdown: number;
}

export function figuresOfGrowth(days: Float64Array, growth: Float64Array): GrowthFigures {
  const returns = returnsOf(growth);
  const average = mean(returns);
  const deviation = Math.sqrt(returns.reduce((sum, value) => sum + (value - average) ** 2, 0) / Math.max(1, returns.length - 1));
  const years = (days.at(-1)! - days[0]!) / (365.25 * DAY_MS);
  const perYear = returns.length / years;
  let [peak, worst] = [1, 0];
  for (const value of growth) {
    peak = Math.max(peak, value);
    worst = Math.min(worst, value / peak - 1);
  }
  return {
    totalReturn: growth.at(-1)! - 1,
    sharpe: (average / deviation) * Math.sqrt(perYear),
    volatility: deviation * Math.sqrt(perYear),
    maxDrawdown: worst,
  };
}
