import { correlation } from '../../engine/indicators/correlation.ts';
import { derivedColumns } from '../../engine/indicators/derived-columns.ts';
import type { IndicatorDefinition, IndicatorState } from '../../engine/indicators/indicator.ts';
import { relayColumn, tailOf } from '../../engine/indicators/relay.ts';
import { stdev, zscore } from '../../engine/indicators/stdev.ts';
import { streamedPart } from '../../engine/indicators/streamed-columns.ts';
import type { Bars } from '../../shared/bars.ts';

export type SpreadKind = 'ratio' | 'regression';

/** Along the bars of the first symbol; NaN where the second has none, and until `window` common bars have passed. */
interface PairSpread {
  /** How many standard deviations (of the population) the first close lies above what the second makes one expect. */
  zscore: Float64Array;
  /** Units of the second symbol against one of the first. */
  hedge: Float64Array;
}

/**
 * How far two prices have drifted apart. `ratio`: the standard score of first / second over the window; the hedge is as much money of both.
 * `regression`: the residual of the last pair of the least squares line first = a + b × second over the window, in standard deviations of all its
 * residuals; the hedge is b.
 */
export function pairSpread(first: Bars, second: Bars, { spread, window }: { spread: SpreadKind; window: number }): PairSpread {
  const measure = spread === 'ratio' ? ratio : regression;
  const [score, hedge] = derivedColumns([first.close, second.close], `pair ${spread} ${window}`, {
    outputs: 2,
    lookback: 0, // what it looks back at are common bars, and part of its state
    start: (): PairState => ({ tails: [[], []], indicators: measure.indicators.map((indicator) => indicator.start([window])) }),
    run(state, { from, to, outputs }) {
      const rows = commonRows(first.ts, second.ts, { from, to });
      const tail = state.tails[0].length;
      const a = relayColumn(state.tails[0], rows.length);
      const b = relayColumn(state.tails[1], rows.length);
      rows.forEach(([mine, others], k) => {
        a[tail + k] = first.close[mine]!;
        b[tail + k] = second.close[others]!;
      });
      const common = measure.compute({ a, b, from: tail }, state.indicators);
      common.forEach((column, output) => {
        outputs[output]!.fill(NaN, 0, to - from);
        rows.forEach(([mine], k) => (outputs[output]![mine - from] = column[k]!));
      });
      state.tails = [tailOf(a, window), tailOf(b, window)];
    },
  });
  return { zscore: score!, hedge: hedge! };
}

/** What has to be known to go on: the last common closes of both, and the memory of the indicators. */
interface PairState {
  tails: [number[], number[]];
  indicators: IndicatorState[];
}

/** Rows of the bars that open at the same time, of the first one's [from, to). */
function commonRows(a: Float64Array, b: Float64Array, { from, to }: { from: number; to: number }): [number, number][] {
  const rows: [number, number][] = [];
  for (let i = from, k = streamedPart(b)?.from ?? 0; i < to && k < b.length; i++) {
    while (b[k]! < a[i]!) k++;
    if (b[k] === a[i]) rows.push([i, k]);
  }
  return rows;
}

/** Closes of common bars; those before `from` were computed before. */
interface Pair {
  a: Float64Array;
  b: Float64Array;
  from: number;
}

interface Measure {
  indicators: readonly IndicatorDefinition[];
  /** Score and hedge from `from` on. */
  compute(pair: Pair, states: readonly IndicatorState[]): [score: Float64Array, hedge: Float64Array];
}

const ratio: Measure = {
  indicators: [zscore],
  compute({ a, b, from }, [score]) {
    const quotient = a.map((price, i) => price / b[i]!);
    return [run(zscore, score!, [quotient], from), quotient.subarray(from)];
  },
};

/** A squared correlation this near to 1 leaves nothing but rounding of the residuals. */
const EXACT = 1e-12;

const regression: Measure = {
  indicators: [zscore, zscore, stdev, stdev, correlation],
  compute({ a, b, from }, states) {
    const scoreA = run(zscore, states[0]!, [a], from);
    const scoreB = run(zscore, states[1]!, [b], from);
    const deviationA = run(stdev, states[2]!, [a], from);
    const deviationB = run(stdev, states[3]!, [b], from);
    const together = run(correlation, states[4]!, [a, b], from);
    // In standard scores the line is a = r × b, and the variance that it leaves 1 - r².
    const score = together.map((r, i) => (1 - r * r > EXACT ? (scoreA[i]! - r * scoreB[i]!) / Math.sqrt(1 - r * r) : NaN));
    return [score, together.map((r, i) => (r * deviationA[i]!) / deviationB[i]!)];
  },
};

function run(indicator: IndicatorDefinition, state: IndicatorState, inputs: readonly Float64Array[], from: number): Float64Array {
  const to = inputs[0]!.length;
  const out = new Float64Array(to - from);
  indicator.run(state, { inputs, from, to, outputs: [out] });
  return out;
}
