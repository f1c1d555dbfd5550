import { defineIndicator } from './indicator.ts';
import { period } from './period.ts';
import { EMPTY_SUM, SlidingSum } from './sliding-sum.ts';

export const kama = defineIndicator({
  name: 'kama',
  title: "Kaufman's adaptive moving average",
  description:
    'average before + s² × (value - average before), in the unit of the values. s lies between 2 / (slow + 1) and 2 / (fast + 1), in proportion to the efficiency: the change over `period` bars as a share of the way travelled (1 where nothing moved). It starts as the value at bar period - 1; first value at bar `period`. As KAMA of TA-Lib, which has fast 2 and slow 30. Perry Kaufman, Trading Systems and Methods.',
  columns: [],
  series: 1,
  params: [period({ default: 10 }), period({ name: 'fast', default: 2 }), period({ name: 'slow', default: 30 })],
  outputs: ['value'],
  lookback: ([bars]) => bars + 1,
  begin: () => ({ count: 0, average: 0, way: EMPTY_SUM }),
  advance(memory, { inputs, from, to, outputs }, [bars, fast, slow]) {
    const [values, out] = [inputs[0]!, outputs[0]!];
    const slowest = 2 / (slow + 1);
    const span = 2 / (fast + 1) - slowest;
    const way = new SlidingSum(memory.way);
    let { count, average } = memory;
    for (let i = from; i < to; i++) {
      const value = values[i]!;
      if (count > 0) {
        const left = count > bars ? Math.abs(values[i - bars]! - values[i - bars - 1]!) : 0;
        way.slide(Math.abs(value - values[i - 1]!), left);
      }
      if (count < bars) {
        // -0 would not survive being written as JSON.
        average = value + 0;
        out[i - from] = NaN;
      } else {
        const change = Math.abs(value - values[i - bars]!);
        const efficiency = change < way.value ? change / way.value : 1;
        const weight = efficiency * span + slowest;
        average += weight * weight * (value - average);
        out[i - from] = average;
      }
      if (count <= bars) count++;
    }
    Object.assign(memory, { count, average, way: way.memory });
  },
});
