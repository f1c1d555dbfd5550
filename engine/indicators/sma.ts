import { blank, defineIndicator } from './indicator.ts';
import { period } from './period.ts';
import { EMPTY_SUM, slidingSums } from './sliding-sums.ts';
import { filled } from './window.ts';

export const sma = defineIndicator({
  name: 'sma',
  title: 'Simple moving average',
  description:
    'The mean of the last `period` values, in their unit. First value at bar period - 1. The exact mean, rounded once: it depends on its window only, not on where the column starts. As SMA of TA-Lib.',
  columns: [],
  series: 1,
  params: [period()],
  outputs: ['value'],
  lookback: ([bars]) => bars,
  begin: () => ({ count: 0, total: EMPTY_SUM }),
  advance(memory, { inputs, from, to, outputs }, [bars]) {
    const means = outputs[0]!;
    const window = { from, to, bars, before: memory.count };
    const { sum, rest, memory: total } = slidingSums(memory.total, inputs[0]!, window);
    for (let k = 0; k < sum.length; k++) means[k] = (sum[k]! + rest[k]!) / bars;
    blank(means, window, bars - 1 - memory.count);
    Object.assign(memory, { count: filled(window), total });
  },
});
