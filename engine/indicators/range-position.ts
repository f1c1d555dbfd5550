import { highestPositions, lowestPositions } from './extremes.ts';
import { blank, defineIndicator, quotient } from './indicator.ts';
import { period } from './period.ts';
import { filled } from './window.ts';

/** Where the third input stands between the lowest of the second and the highest of the first over a window: 0 to 100. */
export const rangePosition = defineIndicator({
  name: 'rangePosition',
  title: 'Position in the range',
  description: '100 × (close - lowest low) / (highest high - lowest low) over the last `period` bars; no value where the range is 0.',
  columns: ['high', 'low', 'close'],
  series: 0,
  params: [period()],
  outputs: ['value'],
  lookback: ([bars]) => bars - 1,
  begin: () => ({ count: 0 }),
  advance(memory, stretch, [bars]) {
    const [high, low, close] = [stretch.inputs[0]!, stretch.inputs[1]!, stretch.inputs[2]!];
    const out = stretch.outputs[0]!;
    const window = { from: stretch.from, to: stretch.to, bars, before: memory.count };
    const highs = highestPositions(high, window);
    const lows = lowestPositions(low, window);
    for (let i = 0; i < highs.length; i++) {
      const bottom = low[lows[i]!]!;
      out[i] = quotient(100 * (close[stretch.from + i]! - bottom), high[highs[i]!]! - bottom);
    }
    blank(out, stretch, bars - 1 - memory.count);
    memory.count = filled(window);
  },
});
