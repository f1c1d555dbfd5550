import type { Bars } from '../shared/bars.ts';
import type { CurveBlock, FinishedCurveBlock } from '../shared/series.ts';

/** Bars of the benchmark, in order: all at once, or a part at a time. */
type Prices = Pick<Bars, 'ts' | 'close'>;

/**
 * Adds to the blocks of a curve, given in bar order, the drawdown (equity over its highest value so far, starting cash included, minus one) and
 * the benchmark: what the cash would be worth if the benchmark had been bought at its first close. Between its bars the last known close
 * counts; before the first, and without a benchmark, it is NaN. `further` are bars of the benchmark that come after those given before, up to the
 * last point of the block at least.
 */
export function createCurveFinisher(options: {
  cash: number;
  benchmark: Prices | null;
}): (block: CurveBlock, further?: readonly Prices[]) => FinishedCurveBlock {
  const benchmark = createBenchmark(options.cash);
  if (options.benchmark !== null) benchmark.add(options.benchmark);
  let peak = options.cash;
  return (block, further = []) => {
    for (const part of further) benchmark.add(part);
    const { valueAt } = benchmark;
    const drawdown = new Float64Array(block.ts.length);
    const values = new Float64Array(block.ts.length);
    for (let i = 0; i < drawdown.length; i++) {
      const equity = block.equity[i]!;
      if (equity > peak) peak = equity;
      drawdown[i] = equity / peak - 1;
      values[i] = valueAt(block.ts[i]!);
    }
    return { ...block, drawdown, benchmark: values };
  };
}

/** Value of the benchmark at a time; times must not go back. */
function createBenchmark(cash: number) {
  let first: number | null = null;
  let last = 0;
  let waiting: Prices[] = [];
  let next = 0;

  function valueAt(ts: number): number {
    for (let part = waiting[0]; part !== undefined; part = waiting[0]) {
      while (next < part.ts.length && part.ts[next]! <= ts) next++;
      if (next > 0) last = part.close[next - 1]!;
      if (next < part.ts.length) break;
      if (next > 0) first ??= part.close[0]!;
      waiting = waiting.slice(1);
      next = 0;
    }
    if (next > 0) first ??= waiting[0]!.close[0]!;
    return first === null ? NaN : (cash / first) * last;
  }

  return { add: (part: Prices) => void waiting.push(part), valueAt };
}
