import { highestPositions, lowestPositions } from './extremes.ts';
import { blank, defineIndicator } from './indicator.ts';
import { period } from './period.ts';

export const aroon = defineIndicator({
  name: 'aroon',
  title: 'Aroon',
  description:
    'How recent the extremes are. up: 100 × (period - bars since the highest high of the last period + 1 bars) / period; down: the same for the lowest low; both 0 to 100; oscillator: up - down. Of equal extremes the latest counts. First value at bar `period`. As AROON and AROONOSC of TA-Lib. Tushar Chande, 1995.',
  columns: ['high', 'low'],
  series: 0,
  params: [period({ default: 14 })],
  outputs: ['oscillator', 'up', 'down'],
  lookback: ([bars]) => bars,
  begin: () => ({ count: 0 }),
  advance(memory, stretch, [bars]) {
    const [oscillator, up, down] = [stretch.outputs[0]!, stretch.outputs[1]!, stretch.outputs[2]!];
    const window = { from: stretch.from, to: stretch.to, bars: bars + 1, before: memory.count };
    const highs = highestPositions(stretch.inputs[0]!, window);
    const lows = lowestPositions(stretch.inputs[1]!, window);
    for (let i = 0; i < highs.length; i++) {
      const oldest = stretch.from + i - bars;
      up[i] = (100 * (highs[i]! - oldest)) / bars;
      down[i] = (100 * (lows[i]! - oldest)) / bars;
      oscillator[i] = up[i]! - down[i]!;
    }
    for (const output of [oscillator, up, down]) blank(output, stretch, bars - memory.count);
    memory.count = Math.min(bars, memory.count + highs.length);
  },
});
