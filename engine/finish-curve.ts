import type { Bars } from '../shared/bars.ts';
import type { CurveBlock, FinishedCurveBlock } from '../shared/series.ts';

/**
 * Adds to the blocks of a curve, given in bar order, the drawdown (equity over its highest value so far, starting cash included, minus one) and
 * the benchmark: what the cash would be worth if the benchmark had been bought at its first close. Between its bars the last known close
 * counts; before the first, and without a benchmark, it is NaN.
 */
export function createCurveFinisher(options: { cash: number; benchmark: Bars | null }): (block: CurveBlock) => FinishedCurveBlock {
  const valueAt = createBenchmark(options);
  let peak = options.cash;
  return (block) => {
    const drawdown = new Float64Array(block.ts.length);
    const benchmark = new Float64Array(block.ts.length);
    for (let i = 0; i < drawdown.length; i++) {
      const equity = block.equity[i]!;
      if (equity > peak) peak = equity;
      drawdown[i] = equity / peak - 1;
      benchmark[i] = valueAt(block.ts[i]!);
    }
    return { ...block, drawdown, benchmark };
  };
}

/** Value of the benchmark at a time; times must not go back. */
function createBenchmark({ cash, benchmark }: { cash: number; benchmark: Bars | null }): (ts: number) => number {
  if (benchmark === null) return () => NaN;
  const { ts: times, close } = benchmark;
  const unitsOfCash = cash / close[0]!;
  let next = 0;
  return (ts) => {
    while (next < times.length && times[next]! <= ts) next++;
    return next === 0 ? NaN : unitsOfCash * close[next - 1]!;
  };
}
