import { blank, defineIndicator } from './indicator.ts';
import { period } from './period.ts';

export const percentileRank = defineIndicator({
  name: 'percentileRank',
  title: 'Percentile rank',
  description:
    'How many of the `period` values before are below the present one, in percent of `period`. First value at bar `period`. The time for a bar grows with the period. As PERCENTRANK of TA-Lib.',
  columns: [],
  series: 1,
  params: [period({ default: 100 })],
  outputs: ['value'],
  lookback: ([bars]) => bars,
  begin: () => ({ count: 0 }),
  advance(memory, { inputs, from, to, outputs }, [bars]) {
    const [values, out] = [inputs[0]!, outputs[0]!];
    const first = Math.min(to, from + Math.max(0, bars - memory.count));
    for (let i = first; i < to; i++) {
      const value = values[i]!;
      let below = 0;
      for (let j = i - bars; j < i; j++) if (values[j]! < value) below++;
      out[i - from] = (100 * below) / bars;
    }
    blank(out, { from, to }, bars - memory.count);
    memory.count = Math.min(bars, memory.count + to - from);
  },
});
