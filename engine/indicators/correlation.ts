import { defineIndicator } from './indicator.ts';
import { EMPTY_PAIRS, PairWindow } from './pair-window.ts';
import { period } from './period.ts';

export const correlation = defineIndicator({
  name: 'correlation',
  title: 'Correlation',
  description:
    "Pearson's coefficient of the last `period` pairs of values, -1 to 1. First value at bar period - 1; none where the values of a series are all equal, where CORREL of TA-Lib gives 0.",
  columns: [],
  series: 2,
  params: [period({ min: 2 })],
  outputs: ['value'],
  lookback: ([bars]) => bars,
  begin: () => ({ pairs: EMPTY_PAIRS }),
  advance(memory, { inputs, from, to, outputs }, [bars]) {
    const [a, b, out] = [inputs[0]!, inputs[1]!, outputs[0]!];
    const pairs = new PairWindow(memory.pairs, bars);
    for (let i = from; i < to; i++) {
      pairs.take(a, b, i);
      out[i - from] = pairs.full ? coefficient(pairs) : NaN;
    }
    memory.pairs = pairs.memory;
  },
});

function coefficient(pairs: PairWindow): number {
  const both = Math.sqrt(pairs.variationX) * Math.sqrt(pairs.variationY);
  return both === 0 ? NaN : Math.max(-1, Math.min(1, pairs.covariation / both));
}
