import { defineIndicator } from './indicator.ts';
import { EMPTY_SUM, slidingSums } from './sliding-sums.ts';

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
    const out = outputs[0]!;
    const { sum, memory: total } = slidingSums(memory.total, inputs[0]!, { from, to, bars: Infinity, before: 0 });
    out.set(sum);
    memory.total = total;
  },
});
