/** The last `bars` values at each of the bars [from, to). */
export interface Window {
  readonly from: number;
  readonly to: number;
  /** How many values it spans; Infinity for all so far. */
  readonly bars: number;
  /** How many of the values before `from` belong to it, `bars` at most: those further back are not looked at. */
  readonly before: number;
}

/** How many values belong to it at the bar `to`. */
export function filled({ from, to, bars, before }: Window): number {
  return Math.min(bars, before + to - from);
}

/** The first bar at which a value leaves it. */
export function firstFull({ from, to, bars, before }: Window): number {
  return Math.min(to, from + bars - before);
}
