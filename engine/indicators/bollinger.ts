import { defineIndicator } from './indicator.ts';
import { period } from './period.ts';
import { sma } from './sma.ts';
import { stdev } from './stdev.ts';

export const bollinger = defineIndicator({
  name: 'bollinger',
  title: 'Bollinger bands',
  description:
    'Middle: sma(period); upper and lower: `deviations` standard deviations (of the population) above and below it; in the unit of the values. First value at bar period - 1. As BBANDS of TA-Lib. John Bollinger, Bollinger on Bollinger Bands, 2001.',
  columns: [],
  series: 1,
  params: [period({ min: 2, default: 20 }), { name: 'deviations', type: 'number', min: 0, max: 100, default: 2 }],
  outputs: ['middle', 'upper', 'lower'],
  lookback: ([bars]) => bars,
  begin: ([bars]) => ({ mean: sma.start([bars]), deviation: stdev.start([bars]) }),
  advance(memory, stretch, [, deviations]) {
    const [middle, upper, lower] = [stretch.outputs[0]!, stretch.outputs[1]!, stretch.outputs[2]!];
    sma.run(memory.mean, { ...stretch, outputs: [middle] });
    stdev.run(memory.deviation, { ...stretch, outputs: [upper] });
    for (let i = 0; i < stretch.to - stretch.from; i++) {
      const width = deviations * upper[i]!;
      upper[i] = middle[i]! + width;
      lower[i] = middle[i]! - width;
    }
  },
});
