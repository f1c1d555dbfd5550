/** A bar column that an indicator can read by itself. */
type BarColumn = 'open' | 'high' | 'low' | 'close' | 'volume';

/** One number that a call gives after its series. Both bounds are allowed values. */
export interface IndicatorParam {
  readonly name: string;
  readonly type: 'integer' | 'number';
  readonly min: number;
  readonly max: number;
  /** What a call means that leaves this one and all after it out. */
  readonly default?: number;
}

/** A piece of the columns: the bars [from, to). */
export interface Stretch {
  /** The series arguments of the call, then the bar columns in the order of `columns`; all on the same bars. */
  readonly inputs: readonly Float64Array[];
  readonly from: number;
  readonly to: number;
  /** One column for each output, of length `to - from` at least: element 0 belongs to bar `from`. */
  readonly outputs: readonly Float64Array[];
}

/** What an indicator remembers between stretches. Plain JSON that `JSON.stringify` gives back exactly. */
export interface IndicatorState {
  readonly params: readonly number[];
  /** Null where the bar before was missing or there was none. */
  memory: unknown;
}

interface Signature {
  /** As written in expressions: `bollinger`. */
  readonly name: string;
  readonly title: string;
  /** What it says, its formula in words, unit, first bar with a value, source, and where it differs from TA-Lib. */
  readonly description: string;
  /** Bar columns that it reads by itself; a call does not name them. */
  readonly columns: readonly BarColumn[];
  /** How many series a call gives first: one in `sma(close, 20)`, two in `correlation(a, b, 20)`. */
  readonly series: number;
  /** Names of the outputs; the first is what a call means without a member. */
  readonly outputs: readonly string[];
}

/**
 * An indicator: what it is called and how it is computed, in stretches of any length with the same bytes.
 *
 * A value is missing when it is NaN, infinite or beyond ±1e100. Where an input is missing every output is NaN, and the indicator starts
 * anew at the next bar, as if the columns began there; so missing values in front only delay it. Outputs are finite or NaN.
 */
export interface IndicatorDefinition extends Signature {
  readonly params: readonly IndicatorParam[];
  /** State before the first bar. The parameters were checked against `params`, defaults filled in. */
  start(params: readonly number[]): IndicatorState;
  /**
   * Computes the outputs of a stretch whose first bar follows the last one computed with this state, and updates the state. `from` need
   * not be a bar's number in the whole column: only that `lookback` bars stand before it (or all there were) matters.
   */
  run(state: IndicatorState, stretch: Stretch): void;
  /** How many bars before a bar its computation may read again. */
  lookback(params: readonly number[]): number;
}

type Values<Specs extends readonly IndicatorParam[]> = { readonly [Index in keyof Specs]: number };

interface Kernel<Memory, Specs extends readonly IndicatorParam[]> extends Signature {
  readonly params: Specs;
  readonly lookback?: (params: Values<Specs>) => number;
  /** What it remembers before its first bar: JSON of finite numbers that are not -0. */
  readonly begin: (params: Values<Specs>) => Memory;
  /** As `run`, on inputs without a missing value. Writes every output, NaN where there is no value. */
  readonly advance: (memory: Memory, stretch: Stretch, params: Values<Specs>) => void;
}

/** Makes an indicator of a computation that knows nothing of missing values. */
export function defineIndicator<Memory, const Specs extends readonly IndicatorParam[]>(kernel: Kernel<Memory, Specs>): IndicatorDefinition {
  const { begin, advance, lookback, ...signature } = kernel;
  return {
    ...signature,
    start: (params) => ({ params, memory: null }),
    lookback: (params) => lookback?.(params as Values<Specs>) ?? 0,
    run(state, { inputs, from, to, outputs }) {
      const params = state.params as Values<Specs>;
      let start = from;
      while (start < to) {
        const end = firstMissing(inputs, start, to);
        if (end > start) {
          state.memory ??= begin(params);
          const rest = start === from ? outputs : outputs.map((output) => output.subarray(start - from));
          advance(state.memory as Memory, { inputs, from: start, to: end, outputs: rest }, params);
        }
        if (end < to) {
          state.memory = null;
          for (const output of outputs) output[end - from] = NaN;
        }
        start = end + 1;
      }
    },
  };
}

/** Beyond it, squares and products of sums could overflow. */
const LARGEST = 1e100;

/** True for a value that nothing may be computed from. */
export function isMissing(value: number): boolean {
  return !(Math.abs(value) <= LARGEST);
}

/** Takes back what was written for the first `bars` bars of a stretch; as many as it has, none where the number is negative. */
export function blank(output: Float64Array, { from, to }: Pick<Stretch, 'from' | 'to'>, bars: number): void {
  output.fill(NaN, 0, Math.max(0, Math.min(to - from, bars)));
}

/** a / b, or NaN where that is no finite number. */
export function quotient(a: number, b: number): number {
  const value = a / b;
  // Not the global NaN: a choice between a number and that costs V8 an allocation, and the time of a division.
  return Number.isFinite(value) ? value : Number.NaN;
}

function firstMissing(inputs: readonly Float64Array[], from: number, to: number): number {
  let end = to;
  for (const input of inputs) {
    let i = from;
    // Four at a time: where the sum is too large, one by one.
    while (i + 4 <= end && Math.abs(input[i]!) + Math.abs(input[i + 1]!) + Math.abs(input[i + 2]!) + Math.abs(input[i + 3]!) <= LARGEST)
      i += 4;
    while (i < end && Math.abs(input[i]!) <= LARGEST) i++;
    end = i;
  }
  return end;
}
