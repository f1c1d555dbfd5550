import { blank, defineIndicator } from './indicator.ts';
import { period } from './period.ts';

export const ema = defineIndicator({
  name: 'ema',
  title: 'Exponential moving average',
  description:
    'a × value + (1 - a) × the average before, with a = 2 / (period + 1), in the unit of the values. It starts as the first value, and is shown from bar period - 1 on. EMA of TA-Lib starts from the mean of the first `period` values instead: the difference fades by the factor 1 - a with each bar.',
  columns: [],
  series: 1,
  params: [period()],
  outputs: ['value'],
  begin: () => ({ count: 0, average: 0 }),
  advance(memory, { inputs, from, to, outputs }, [bars]) {
    const values = inputs[0]!;
    const averages = outputs[0]!;
    const weight = 2 / (bars + 1);
    const kept = 1 - weight;
    // -0 would not survive being written as JSON.
    let average = memory.count === 0 ? values[from]! + 0 : memory.average;
    if (memory.count > 0) average = weight * values[from]! + kept * average;
    averages[0] = average;
    for (let i = from + 1; i < to; i++) {
      average = weight * values[i]! + kept * average;
      averages[i - from] = average;
    }
    blank(averages, { from, to }, bars - 1 - memory.count);
    memory.count = Math.min(bars, memory.count + to - from);
    memory.average = average;
  },
});
