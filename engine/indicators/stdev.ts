import { defineIndicator, quotient } from './indicator.ts';
import { period } from './period.ts';
import { EMPTY_SUM, productDifference, SlidingSum } from './sliding-sum.ts';
import { sma } from './sma.ts';

export const stdev = defineIndicator({
  name: 'stdev',
  title: 'Standard deviation',
  description:
    'Of the last `period` values as a population (divided by period, not period - 1), in their unit. First value at bar period - 1. The sums of the values and of their squares are kept in twice the working precision, so nothing is lost where they cancel. As STDDEV of TA-Lib, which takes very small variances for 0.',
  columns: [],
  series: 1,
  params: [period({ min: 2 })],
  outputs: ['value'],
  lookback: ([bars]) => bars,
  begin: () => ({ count: 0, equal: 0, plain: EMPTY_SUM, squares: EMPTY_SUM }),
  advance(memory, { inputs, from, to, outputs }, [bars]) {
    const [values, out] = [inputs[0]!, outputs[0]!];
    const plain = new SlidingSum(memory.plain);
    const squares = new SlidingSum(memory.squares);
    const size = new SlidingSum([bars, 0]);
    let { count, equal } = memory;
    for (let i = from; i < to; i++) {
      const value = values[i]!;
      const removed = count < bars ? 0 : values[i - bars]!;
      equal = count > 0 && value === values[i - 1]! ? Math.min(bars, equal + 1) : 1;
      if (count < bars) count++;
      plain.slide(value, removed);
      squares.slideProduct(value, value, removed, removed);
      // Equal values are told by counting: what the squares leave behind may be a trace above 0.
      const variance = equal === bars ? 0 : Math.max(0, productDifference(size, squares, plain, plain));
      out[i - from] = count < bars ? NaN : Math.sqrt(variance) / bars;
    }
    Object.assign(memory, { count, equal, plain: plain.memory, squares: squares.memory });
  },
});

export const zscore = defineIndicator({
  name: 'zscore',
  title: 'Standard score',
  description:
    '(value - sma) / stdev over the last `period` values, the present one included: how many standard deviations (of the population) it lies from their mean. First value at bar period - 1; none where all values are equal.',
  columns: [],
  series: 1,
  params: [period({ min: 2 })],
  outputs: ['value'],
  lookback: ([bars]) => bars,
  begin: ([bars]) => ({ mean: sma.start([bars]), deviation: stdev.start([bars]) }),
  advance(memory, stretch) {
    const [values, out] = [stretch.inputs[0]!, stretch.outputs[0]!];
    const deviation = new Float64Array(stretch.to - stretch.from);
    sma.run(memory.mean, stretch);
    stdev.run(memory.deviation, { ...stretch, outputs: [deviation] });
    for (let i = 0; i < deviation.length; i++) out[i] = quotient(values[stretch.from + i]! - out[i]!, deviation[i]!);
  },
});
