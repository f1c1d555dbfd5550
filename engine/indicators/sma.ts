import { blank, defineIndicator } from './indicator.ts';
import { period } from './period.ts';
import { differenceError, EMPTY_SUM } from './sliding-sums.ts';
import { filled, firstFull } from './window.ts';

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
  // The sums of slidingSums, and the division, in one loop: sweeps compute more averages than anything else.
  advance(memory, { inputs, from, to, outputs }, [bars]) {
    const [values, means] = [inputs[0]!, outputs[0]!];
    const window = { from, to, bars, before: memory.count };
    const full = firstFull(window);
    let { sum, rest } = memory.total;
    for (let i = from; i < to; i++) {
      const added = values[i]!;
      const removed = i < full ? 0 : values[i - bars]!;
      const step = added - removed;
      const moved = sum + step;
      const part = moved - sum;
      rest += sum - (moved - part) + (step - part) + differenceError(added, removed, step);
      sum = moved;
      means[i - from] = (sum + rest) / bars;
    }
    blank(means, window, bars - 1 - memory.count);
    Object.assign(memory, { count: filled(window), total: { sum, rest } });
  },
});
