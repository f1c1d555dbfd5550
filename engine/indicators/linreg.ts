import { defineIndicator, type IndicatorDefinition } from './indicator.ts';
import { period } from './period.ts';
import { EMPTY_SUM, productDifference, SlidingSum } from './sliding-sum.ts';
import { WeightedWindow } from './weighted-window.ts';

export const linreg = fittedLine((slope, mean, bars) => mean + (slope * (bars - 1)) / 2, {
  name: 'linreg',
  title: 'Linear regression',
  description:
    'The end of the straight line fitted by least squares to the last `period` values, in their unit. First value at bar period - 1. As LINEARREG of TA-Lib.',
});

export const slope = fittedLine((each) => each, {
  name: 'slope',
  title: 'Slope',
  description:
    'The slope of the straight line fitted by least squares to the last `period` values, in their unit per bar. First value at bar period - 1; exactly 0 where all are equal. As LINEARREG_SLOPE of TA-Lib.',
});

function fittedLine(
  valueOf: (slope: number, mean: number, bars: number) => number,
  words: Pick<IndicatorDefinition, 'name' | 'title' | 'description'>,
): IndicatorDefinition {
  return defineIndicator({
    ...words,
    columns: [],
    series: 1,
    params: [period({ min: 2 })],
    outputs: ['value'],
    lookback: ([bars]) => bars,
    begin: () => ({ count: 0, equal: 0, plain: EMPTY_SUM, weighted: EMPTY_SUM }),
    advance(memory, { inputs, from, to, outputs }, [bars]) {
      const [values, out] = [inputs[0]!, outputs[0]!];
      const window = new WeightedWindow(memory, bars);
      const size = new SlidingSum([bars, 0]);
      const places = new SlidingSum([(bars * (bars + 1)) / 2, 0]);
      // bars × the sum of the squares 1, 4, … less the square of the sum 1 + 2 + …: a whole number below 2^53 for 10,000 bars.
      const spread = (bars * bars * (bars - 1) * (bars + 1)) / 12;
      let { equal } = memory;
      for (let i = from; i < to; i++) {
        equal = equal > 0 && values[i]! === values[i - 1]! ? Math.min(bars, equal + 1) : 1;
        window.take(values, i);
        const rise = equal === bars ? 0 : productDifference(size, window.weighted, places, window.plain) / spread;
        out[i - from] = window.full ? valueOf(rise, window.plain.value / bars, bars) : NaN;
      }
      Object.assign(memory, window.memory, { equal });
    },
  });
}
