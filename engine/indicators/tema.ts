import { ema } from './ema.ts';
import { defineIndicator } from './indicator.ts';
import { period } from './period.ts';

export const tema = defineIndicator({
  name: 'tema',
  title: 'Triple exponential moving average',
  description:
    '3 × e1 - 3 × e2 + e3, where e1 is the ema of the values, e2 the ema of e1 and e3 the ema of e2; in the unit of the values. First value at bar 3 × (period - 1). TEMA of TA-Lib differs at first, as its EMA does. Patrick Mulloy, 1994.',
  columns: [],
  series: 1,
  params: [period()],
  outputs: ['value'],
  begin: ([bars]) => ({ first: ema.start([bars]), second: ema.start([bars]), third: ema.start([bars]) }),
  advance(memory, stretch) {
    const out = stretch.outputs[0]!;
    const length = stretch.to - stretch.from;
    const first = new Float64Array(length);
    const second = new Float64Array(length);
    ema.run(memory.first, { ...stretch, outputs: [first] });
    ema.run(memory.second, { inputs: [first], from: 0, to: length, outputs: [second] });
    ema.run(memory.third, { inputs: [second], from: 0, to: length, outputs: [out] });
    for (let i = 0; i < length; i++) out[i] = 3 * first[i]! - 3 * second[i]! + out[i]!;
  },
});
