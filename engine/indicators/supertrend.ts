import { atr } from './atr.ts';
import { defineIndicator } from './indicator.ts';
import { period } from './period.ts';

export const supertrend = defineIndicator({
  name: 'supertrend',
  title: 'Supertrend',
  description:
    'A stop at `multiplier` × atr(period) from the middle of the bar, in the unit of the price: below it in an uptrend, where it never falls, above it in a downtrend, where it never rises. The trend turns when a close goes beyond it. direction: 1 up, -1 down; it starts as up. First value at bar `period`. As SUPERTREND of TA-Lib. Olivier Seban.',
  columns: ['high', 'low', 'close'],
  series: 0,
  params: [period({ default: 10 }), { name: 'multiplier', type: 'number', min: 0, max: 100, default: 3 }],
  outputs: ['value', 'direction'],
  lookback: () => 1,
  begin: ([bars]) => ({ range: atr.start([bars]), direction: 0, upper: 0, lower: 0 }),
  advance(memory, stretch, [, multiplier]) {
    const { from, to } = stretch;
    const [high, low, close] = [stretch.inputs[0]!, stretch.inputs[1]!, stretch.inputs[2]!];
    const [out, directions] = [stretch.outputs[0]!, stretch.outputs[1]!];
    const ranges = new Float64Array(to - from);
    atr.run(memory.range, { ...stretch, outputs: [ranges] });
    let { direction, upper, lower } = memory;
    for (let i = from; i < to; i++) {
      const width = multiplier * ranges[i - from]!;
      if (Number.isNaN(width)) {
        out[i - from] = directions[i - from] = Number.NaN;
        continue;
      }
      // -0 would not survive being written as JSON.
      const middle = (high[i]! + low[i]!) / 2 + 0;
      const last = close[i - 1]!;
      // A band gives way only towards the price, unless the last close went beyond it.
      if (direction === 0 || middle + width < upper || last > upper) upper = middle + width;
      if (direction === 0 || middle - width > lower || last < lower) lower = middle - width;
      if (direction === 1) direction = close[i]! < lower ? -1 : 1;
      else if (direction === -1) direction = close[i]! > upper ? 1 : -1;
      else direction = 1;
      out[i - from] = direction === 1 ? lower : upper;
      directions[i - from] = direction;
    }
    Object.assign(memory, { direction, upper, lower });
  },
});
