import { defineIndicator } from './indicator.ts';
import { period } from './period.ts';
import { EMPTY_SUM } from './sliding-sum.ts';
import { WeightedWindow } from './weighted-window.ts';

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
    const values = inputs[0]!;
    const means = outputs[0]!;
    const window = new WeightedWindow(memory, bars);
    const weights = (bars * (bars + 1)) / 2;
    for (let i = from; i < to; i++) {
      window.take(values, i);
      means[i - from] = window.full ? window.weighted.value / weights : NaN;
    }
    Object.assign(memory, window.memory);
  },
});
