import { ema } from './ema.ts';
import { defineIndicator } from './indicator.ts';
import { period } from './period.ts';

export const dema = defineIndicator({
  name: 'dema',
  title: 'Double exponential moving average',
  description:
    '2 × e1 - e2, where e1 is the ema of the values and e2 the ema of e1; in the unit of the values. First value at bar 2 × (period - 1). DEMA of TA-Lib differs at first, as its EMA does. Patrick Mulloy, 1994.',
  columns: [],
  series: 1,
  params: [period()],
  outputs: ['value'],
  begin: ([bars]) => ({ first: ema.start([bars]), second: ema.start([bars]) }),
  advance(memory, stretch) {
    const out = stretch.outputs[0]!;
    const length = stretch.to - stretch.from;
    const first = new Float64Array(length);
    ema.run(memory.first, { ...stretch, outputs: [first] });
    ema.run(memory.second, { inputs: [first], from: 0, to: length, outputs: [out] });
    for (let i = 0; i < length; i++) out[i] = 2 * first[i]! - out[i]!;
  },
});
