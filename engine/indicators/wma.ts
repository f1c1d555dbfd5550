import { blank, defineIndicator } from './indicator.ts';
import { period } from './period.ts';
import { EMPTY_SUM, slidingSums, weightedSums } from './sliding-sums.ts';
import { filled } from './window.ts';

export const wma = defineIndicator({
  name: 'wma',
  title: 'Weighted moving average',
  description:
    'The mean of the last `period` values with the weights 1, 2, … `period`, the latest being the heaviest; in their unit. First value at bar period - 1. As WMA of TA-Lib.',
  columns: [],
  series: 1,
  params: [period()],
  outputs: ['value'],
  lookback: ([bars]) => bars,
  begin: () => ({ count: 0, plain: EMPTY_SUM, weighted: EMPTY_SUM }),
  advance(memory, { inputs, from, to, outputs }, [bars]) {
    const [values, means] = [inputs[0]!, outputs[0]!];
    const window = { from, to, bars, before: memory.count };
    const plain = slidingSums(memory.plain, values, window);
    const weighted = weightedSums(memory.weighted, values, window, { last: memory.plain, plain });
    const weights = (bars * (bars + 1)) / 2;
    for (let k = 0; k < to - from; k++) means[k] = weighted.sum[k]! / weights;
    blank(means, window, bars - 1 - memory.count);
    Object.assign(memory, { count: filled(window), plain: plain.memory, weighted: weighted.memory });
  },
});
