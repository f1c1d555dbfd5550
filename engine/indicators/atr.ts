import { defineIndicator, quotient } from './indicator.ts';
import { period } from './period.ts';
import { rma } from './rma.ts';
import { trueRange } from './true-range.ts';

export const atr = defineIndicator({
  name: 'atr',
  title: 'Average true range',
  description:
    "Wilder's average (rma) of the true range, in the unit of the price. First value at bar `period`: bar 0 has no true range. As ATR of TA-Lib. J. Welles Wilder, 1978.",
  columns: ['high', 'low', 'close'],
  series: 0,
  params: [period({ default: 14 })],
  outputs: ['value'],
  lookback: () => 1,
  begin: ([bars]) => ({ range: trueRange.start([]), average: rma.start([bars]) }),
  advance(memory, stretch) {
    const length = stretch.to - stretch.from;
    const ranges = new Float64Array(length);
    trueRange.run(memory.range, { ...stretch, outputs: [ranges] });
    rma.run(memory.average, { inputs: [ranges], from: 0, to: length, outputs: stretch.outputs });
  },
});

export const natr = defineIndicator({
  name: 'natr',
  title: 'Normalised average true range',
  description: '100 × atr(period) / close, in percent. First value at bar `period`; none where the close is 0. As NATR of TA-Lib.',
  columns: ['high', 'low', 'close'],
  series: 0,
  params: [period({ default: 14 })],
  outputs: ['value'],
  lookback: () => 1,
  begin: ([bars]) => atr.start([bars]),
  advance(memory, stretch) {
    const [close, out] = [stretch.inputs[2]!, stretch.outputs[0]!];
    atr.run(memory, stretch);
    for (let i = stretch.from; i < stretch.to; i++) out[i - stretch.from] = quotient(100 * out[i - stretch.from]!, close[i]!);
  },
});
