import { blank, defineIndicator } from './indicator.ts';
import { period } from './period.ts';

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
  begin: () => ({ count: 0, sum: 0, rest: 0 }),
  advance(memory, { inputs, from, to, outputs }, [bars]) {
    const values = inputs[0]!;
    const means = outputs[0]!;
    const { count } = memory;
    const full = Math.min(to, from + Math.max(0, bars - count));
    let { sum, rest } = memory;
    for (let i = from; i < to; i++) {
      const added = values[i]!;
      let removed = 0;
      if (i >= full) removed = values[i - bars]!;
      const step = added - removed;
      const stepPart = added - step;
      const stepRest = added - (step + stepPart) + (stepPart - removed);
      const moved = sum + step;
      const movedPart = moved - sum;
      rest += sum - (moved - movedPart) + (step - movedPart) + stepRest;
      sum = moved;
      means[i - from] = (sum + rest) / bars;
    }
    // Written afterwards, because a choice inside the loop would triple its time.
    blank(means, { from, to }, bars - 1 - count);
    memory.count = Math.min(bars, count + to - from);
    memory.sum = sum;
    memory.rest = rest;
  },
});
