import { blank, defineIndicator, type IndicatorDefinition } from './indicator.ts';
import { period } from './period.ts';
import { EMPTY_SUM, productError, slidingSums, weightedSums } from './sliding-sums.ts';
import { filled } from './window.ts';

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
    'The slope of the straight line fitted by least squares to the last `period` values, in their unit per bar; exactly 0 where all are equal. First value at bar period - 1. As LINEARREG_SLOPE of TA-Lib.',
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
    begin: () => ({ count: 0, plain: EMPTY_SUM, weighted: EMPTY_SUM }),
    advance(memory, { inputs, from, to, outputs }, [bars]) {
      const [values, out] = [inputs[0]!, outputs[0]!];
      const window = { from, to, bars, before: memory.count };
      const plain = slidingSums(memory.plain, values, window);
      const weighted = weightedSums(memory.weighted, values, window, { last: memory.plain, plain });
      const centre = (bars + 1) / 2;
      // The sum of the squared distances of 1, 2, … bars from their centre.
      const spread = (bars * (bars - 1) * (bars + 1)) / 12;
      for (let k = 0; k < to - from; k++) {
        const level = centre * plain.sum[k]!;
        const levelRest = productError(centre, plain.sum[k]!, level) + centre * plain.rest[k]!;
        const rise = (weighted.sum[k]! - level + (weighted.rest[k]! - levelRest)) / spread;
        out[k] = valueOf(rise, plain.sum[k]! / bars, bars);
      }
      blank(out, window, bars - 1 - memory.count);
      Object.assign(memory, { count: filled(window), plain: plain.memory, weighted: weighted.memory });
    },
  });
}
