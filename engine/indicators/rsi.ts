import { defineIndicator } from './indicator.ts';
import { period } from './period.ts';
import { wilderStep } from './rma.ts';

export const rsi = defineIndicator({
  name: 'rsi',
  title: 'Relative strength index',
  description:
    '100 - 100 / (1 + average gain / average loss), 0 to 100. Both averages start as the plain mean of the first `period` changes, at bar `period`, and go on as ((period - 1) × average + change) / period. No value as long as nothing has moved; RSI of TA-Lib gives 0 there. J. Welles Wilder, New Concepts in Technical Trading Systems, 1978.',
  columns: [],
  series: 1,
  params: [period({ default: 14 })],
  outputs: ['value'],
  lookback: () => 1,
  begin: () => ({ count: 0, gain: 0, loss: 0 }),
  advance(memory, { inputs, from, to, outputs }, [bars]) {
    const values = inputs[0]!;
    const index = outputs[0]!;
    let { count, gain, loss } = memory;
    for (let i = from; i < to; i++) {
      const change = count === 0 ? 0 : values[i]! - values[i - 1]!;
      // Either 0 or exactly the change, without a branch that prices would make unpredictable.
      const up = 0.5 * (Math.abs(change) + change);
      const down = 0.5 * (Math.abs(change) - change);
      if (count <= bars) {
        gain += up;
        loss += down;
        if (count === bars) {
          gain /= bars;
          loss /= bars;
        }
        count++;
      } else {
        gain = wilderStep(gain, up, bars);
        loss = wilderStep(loss, down, bars);
      }
      index[i - from] = count > bars && gain + loss > 0 ? 100 - 100 / (1 + gain / loss) : Number.NaN;
    }
    Object.assign(memory, { count, gain, loss });
  },
});
