import { blank, defineIndicator } from './indicator.ts';
import { period } from './period.ts';
import { filled, firstFull } from './window.ts';

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
    const window = { from, to, bars, before: memory.count };
    for (let i = firstFull(window); i < to; i++) {
      const value = values[i]!;
      let below = 0;
      for (let j = i - bars; j < i; j++) if (values[j]! < value) below++;
      out[i - from] = (100 * below) / bars;
    }
    blank(out, window, bars - memory.count);
    memory.count = filled(window);
  },
});
