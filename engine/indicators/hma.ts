import { defineIndicator } from './indicator.ts';
import { period } from './period.ts';
import { relayColumn, tailOf } from './relay.ts';
import { wma } from './wma.ts';

export const hma = defineIndicator({
  name: 'hma',
  title: 'Hull moving average',
  description:
    'The weighted average over √period bars of 2 × wma(period / 2) - wma(period), both lengths rounded down; in the unit of the values. First value at bar period + √period - 2. As HMA of TA-Lib. Alan Hull, 2005.',
  columns: [],
  series: 1,
  params: [period({ min: 2 })],
  outputs: ['value'],
  lookback: ([bars]) => bars,
  begin: ([bars]) => ({
    half: wma.start([Math.floor(bars / 2)]),
    whole: wma.start([bars]),
    last: wma.start([lastLength(bars)]),
    tail: [] as number[],
  }),
  advance(memory, stretch, [bars]) {
    const length = stretch.to - stretch.from;
    const half = new Float64Array(length);
    const whole = new Float64Array(length);
    wma.run(memory.half, { ...stretch, outputs: [half] });
    wma.run(memory.whole, { ...stretch, outputs: [whole] });
    const from = memory.tail.length;
    const lead = relayColumn(memory.tail, length);
    for (let i = 0; i < length; i++) lead[from + i] = 2 * half[i]! - whole[i]!;
    wma.run(memory.last, { inputs: [lead], from, to: lead.length, outputs: stretch.outputs });
    memory.tail = tailOf(lead, lastLength(bars));
  },
});

function lastLength(bars: number): number {
  return Math.floor(Math.sqrt(bars));
}
