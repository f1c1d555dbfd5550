import { defineIndicator } from './indicator.ts';
import { period } from './period.ts';
import { rangePosition } from './range-position.ts';
import { relayColumn, tailOf } from './relay.ts';
import { rsi } from './rsi.ts';
import { sma } from './sma.ts';

/** The two averages of a stochastic oscillator, over a column of range positions. */
const smoothed = defineIndicator({
  name: 'smoothed',
  title: 'The two lines of a stochastic oscillator',
  description: 'k: sma(smoothK) of the values; d: sma(smoothD) of k.',
  columns: [],
  series: 1,
  params: [period({ name: 'smoothK' }), period({ name: 'smoothD' })],
  outputs: ['k', 'd'],
  lookback: ([smoothK]) => smoothK,
  begin: ([smoothK, smoothD]) => ({ k: sma.start([smoothK]), d: sma.start([smoothD]), tail: [] as number[] }),
  advance(memory, stretch, [, smoothD]) {
    const [k, d] = [stretch.outputs[0]!, stretch.outputs[1]!];
    const length = stretch.to - stretch.from;
    const from = memory.tail.length;
    sma.run(memory.k, { ...stretch, outputs: [k] });
    const column = relayColumn(memory.tail, length);
    column.set(k.subarray(0, length), from);
    sma.run(memory.d, { inputs: [column], from, to: column.length, outputs: [d] });
    memory.tail = tailOf(column, smoothD);
  },
});

export const stoch = defineIndicator({
  name: 'stoch',
  title: 'Stochastic oscillator',
  description:
    '100 × (close - lowest low) / (highest high - lowest low) over the last `period` bars, 0 to 100; k: its sma(smoothK); d: the sma(smoothD) of k. First k at bar period + smoothK - 2, first d smoothD - 1 bars later; none where the range is 0 in the window. STOCH of TA-Lib gives 0 there, and shows no k before the first d. George Lane.',
  columns: ['high', 'low', 'close'],
  series: 0,
  params: [period({ default: 14 }), period({ name: 'smoothK', default: 3 }), period({ name: 'smoothD', default: 3 })],
  outputs: ['k', 'd'],
  lookback: ([bars]) => bars - 1,
  begin: ([bars, smoothK, smoothD]) => ({
    position: rangePosition.start([bars]),
    lines: smoothed.start([smoothK, smoothD]),
    tail: [] as number[],
  }),
  advance(memory, stretch, [, smoothK]) {
    const positions = relayColumn(memory.tail, stretch.to - stretch.from);
    const from = memory.tail.length;
    rangePosition.run(memory.position, { ...stretch, outputs: [positions.subarray(from)] });
    smoothed.run(memory.lines, { inputs: [positions], from, to: positions.length, outputs: stretch.outputs });
    memory.tail = tailOf(positions, smoothK);
  },
});

export const stochRsi = defineIndicator({
  name: 'stochRsi',
  title: 'Stochastic RSI',
  description:
    'The stochastic oscillator of rsi(rsiPeriod): where it stands between its lowest and highest of the last `stochPeriod` bars, 0 to 100; k: the sma(smoothK) of that; d: the sma(smoothD) of k. First k at bar rsiPeriod + stochPeriod + smoothK - 2; none where the rsi has not moved in the window. STOCHRSI of TA-Lib has smoothK 1 and gives 0 there. Tushar Chande and Stanley Kroll, The New Technical Trader, 1994.',
  columns: [],
  series: 1,
  params: [
    period({ name: 'rsiPeriod', default: 14 }),
    period({ name: 'stochPeriod', default: 14 }),
    period({ name: 'smoothK', default: 3 }),
    period({ name: 'smoothD', default: 3 }),
  ],
  outputs: ['k', 'd'],
  lookback: () => 1,
  begin: ([rsiBars, stochBars, smoothK, smoothD]) => ({
    index: rsi.start([rsiBars]),
    lines: stoch.start([stochBars, smoothK, smoothD]),
    tail: [] as number[],
  }),
  advance(memory, stretch, [, stochBars]) {
    const index = relayColumn(memory.tail, stretch.to - stretch.from);
    const from = memory.tail.length;
    rsi.run(memory.index, { ...stretch, outputs: [index.subarray(from)] });
    stoch.run(memory.lines, { inputs: [index, index, index], from, to: index.length, outputs: stretch.outputs });
    memory.tail = tailOf(index, stochBars - 1);
  },
});

export const williamsR = defineIndicator({
  name: 'williamsR',
  title: 'Williams %R',
  description:
    '-100 × (highest high - close) / (highest high - lowest low) over the last `period` bars, -100 to 0. First value at bar period - 1; none where the range is 0, where WILLR of TA-Lib gives 0. Larry Williams, 1973.',
  columns: ['high', 'low', 'close'],
  series: 0,
  params: [period({ default: 14 })],
  outputs: ['value'],
  lookback: ([bars]) => bars - 1,
  begin: ([bars]) => rangePosition.start([bars]),
  advance(memory, stretch) {
    const out = stretch.outputs[0]!;
    rangePosition.run(memory, stretch);
    for (let i = 0; i < stretch.to - stretch.from; i++) out[i] = out[i]! - 100;
  },
});
