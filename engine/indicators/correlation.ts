import { blank, defineIndicator } from './indicator.ts';
import { NO_PAIRS, pairVariations } from './pair-variation.ts';
import { period } from './period.ts';
import { filled } from './window.ts';

export const correlation = defineIndicator({
  name: 'correlation',
  title: 'Correlation',
  description:
    "Pearson's coefficient of the last `period` pairs of values, -1 to 1. First value at bar period - 1; none where the values of a series are all equal, where CORREL of TA-Lib gives 0.",
  columns: [],
  series: 2,
  params: [period({ min: 2 })],
  outputs: ['value'],
  lookback: ([bars]) => bars,
  begin: () => ({ count: 0, pairs: NO_PAIRS }),
  advance(memory, { inputs, from, to, outputs }, [bars]) {
    const out = outputs[0]!;
    const window = { from, to, bars, before: memory.count };
    const { ofX, ofY, together, memory: pairs } = pairVariations(memory.pairs, [inputs[0]!, inputs[1]!], window);
    for (let k = 0; k < to - from; k++) {
      const both = Math.sqrt(ofX[k]!) * Math.sqrt(ofY[k]!);
      out[k] = both === 0 ? Number.NaN : Math.max(-1, Math.min(1, together[k]! / both));
    }
    blank(out, window, bars - 1 - memory.count);
    Object.assign(memory, { count: filled(window), pairs });
  },
});
