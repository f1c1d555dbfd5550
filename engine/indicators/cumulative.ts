import { defineIndicator } from './indicator.ts';
import { EMPTY_SUM, SlidingSum } from './sliding-sum.ts';

export const cumulative = defineIndicator({
  name: 'cumulative',
  title: 'Cumulative sum',
  description:
    'The sum of all values so far, in their unit, kept in twice the working precision. First value at bar 0; 0 again before the value that follows a missing one. As CUMSUM of TA-Lib.',
  columns: [],
  series: 1,
  params: [],
  outputs: ['value'],
  begin: () => ({ total: EMPTY_SUM }),
  advance(memory, { inputs, from, to, outputs }) {
    const [values, out] = [inputs[0]!, outputs[0]!];
    const total = new SlidingSum(memory.total);
    for (let i = from; i < to; i++) {
      total.slide(values[i]!, 0);
      out[i - from] = total.value;
    }
    memory.total = total.memory;
  },
});
