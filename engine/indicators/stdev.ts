import { blank, defineIndicator, quotient } from './indicator.ts';
import { period } from './period.ts';
import { EMPTY_SUM, slidingSums } from './sliding-sums.ts';
import { sma } from './sma.ts';
import { NO_VARIATION, variations } from './variation.ts';
import { filled } from './window.ts';

export const stdev = defineIndicator({
  name: 'stdev',
  title: 'Standard deviation',
  description:
    'Of the last `period` values as a population (divided by period, not period - 1), in their unit. First value at bar period - 1. The sums of the values and of their squares are kept in twice the working precision, so nothing is lost where they cancel. As STDDEV of TA-Lib.',
  columns: [],
  series: 1,
  params: [period({ min: 2 })],
  outputs: ['value'],
  lookback: ([bars]) => bars,
  begin: () => ({ count: 0, total: EMPTY_SUM, spread: NO_VARIATION }),
  advance(memory, { inputs, from, to, outputs }, [bars]) {
    const [values, out] = [inputs[0]!, outputs[0]!];
    const window = { from, to, bars, before: memory.count };
    const sums = slidingSums(memory.total, values, window);
    const { variation, memory: spread } = variations(memory.spread, values, window, sums);
    for (let k = 0; k < variation.length; k++) out[k] = Math.sqrt(variation[k]!) / bars;
    blank(out, window, bars - 1 - memory.count);
    Object.assign(memory, { count: filled(window), total: sums.memory, spread });
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
