import { defineIndicator } from './indicator.ts';
import { EMPTY_SUM, SlidingSum } from './sliding-sum.ts';

export const obv = defineIndicator({
  name: 'obv',
  title: 'On-balance volume',
  description:
    'The volume of the first bar, plus that of each bar that closed above the last one, less that of each that closed below; in the unit of the volume. First value at bar 0. As OBV of TA-Lib. Joseph Granville, 1963.',
  columns: ['close', 'volume'],
  series: 0,
  params: [],
  outputs: ['value'],
  lookback: () => 1,
  begin: () => ({ begun: false, total: EMPTY_SUM }),
  advance(memory, { inputs, from, to, outputs }) {
    const [close, volume, out] = [inputs[0]!, inputs[1]!, outputs[0]!];
    const total = new SlidingSum(memory.total);
    for (let i = from; i < to; i++) {
      const last = memory.begun || i > from ? close[i - 1]! : -Infinity;
      if (close[i]! > last) total.slide(volume[i]!, 0);
      else if (close[i]! < last) total.slide(0, volume[i]!);
      out[i - from] = total.value;
    }
    memory.begun = true;
    memory.total = total.memory;
  },
});
