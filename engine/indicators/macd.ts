import { ema } from './ema.ts';
import { defineIndicator } from './indicator.ts';
import { period } from './period.ts';

export const macd = defineIndicator({
  name: 'macd',
  title: 'Moving average convergence and divergence',
  description:
    'macd: ema(fast) - ema(slow); signal: the ema of that over `signal` bars; histogram: macd - signal; all in the unit of the values. First macd at bar max(fast, slow) - 1, first signal and histogram `signal` - 1 bars later. MACD of TA-Lib differs at first, as its EMA does, and it shows no macd before the first signal. Gerald Appel, 1979.',
  columns: [],
  series: 1,
  params: [period({ name: 'fast', default: 12 }), period({ name: 'slow', default: 26 }), period({ name: 'signal', default: 9 })],
  outputs: ['macd', 'signal', 'histogram'],
  begin: ([fast, slow, signal]) => ({ fast: ema.start([fast]), slow: ema.start([slow]), signal: ema.start([signal]) }),
  advance(memory, stretch) {
    const [line, signal, histogram] = [stretch.outputs[0]!, stretch.outputs[1]!, stretch.outputs[2]!];
    const length = stretch.to - stretch.from;
    ema.run(memory.fast, { ...stretch, outputs: [line] });
    ema.run(memory.slow, { ...stretch, outputs: [histogram] });
    for (let i = 0; i < length; i++) line[i] = line[i]! - histogram[i]!;
    ema.run(memory.signal, { inputs: [line], from: 0, to: length, outputs: [signal] });
    for (let i = 0; i < length; i++) histogram[i] = line[i]! - signal[i]!;
  },
});
