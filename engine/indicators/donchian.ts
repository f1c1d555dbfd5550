import { highest, lowest } from './highest.ts';
import { defineIndicator } from './indicator.ts';
import { period } from './period.ts';

export const donchian = defineIndicator({
  name: 'donchian',
  title: 'Donchian channel',
  description:
    'Upper: the highest high of the last `period` bars; lower: the lowest low; middle: halfway between. The present bar is included, so a breakout is a close beyond lag(donchian(period).upper, 1). First value at bar period - 1. As DONCHIAN of TA-Lib.',
  columns: ['high', 'low'],
  series: 0,
  params: [period({ default: 20 })],
  outputs: ['middle', 'upper', 'lower'],
  lookback: ([bars]) => bars - 1,
  begin: ([bars]) => ({ upper: highest.start([bars]), lower: lowest.start([bars]) }),
  advance(memory, { inputs, from, to, outputs }) {
    const [high, low] = [inputs[0]!, inputs[1]!];
    const [middle, upper, lower] = [outputs[0]!, outputs[1]!, outputs[2]!];
    highest.run(memory.upper, { inputs: [high], from, to, outputs: [upper] });
    lowest.run(memory.lower, { inputs: [low], from, to, outputs: [lower] });
    for (let i = 0; i < to - from; i++) middle[i] = (upper[i]! + lower[i]!) / 2;
  },
});
