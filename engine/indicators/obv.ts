import { cumulative } from './cumulative.ts';
import { defineIndicator } from './indicator.ts';

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
  begin: () => ({ begun: false, total: cumulative.start([]) }),
  advance(memory, { inputs, from, to, outputs }) {
    const [close, volume] = [inputs[0]!, inputs[1]!];
    const signed = new Float64Array(to - from);
    for (let i = from; i < to; i++) {
      const change = i > from || memory.begun ? close[i]! - close[i - 1]! : 1;
      signed[i - from] = Math.sign(change) * volume[i]!;
    }
    cumulative.run(memory.total, { inputs: [signed], from: 0, to: signed.length, outputs });
    memory.begun = true;
  },
});
