import { blank, defineIndicator, quotient } from './indicator.ts';
import { period } from './period.ts';
import { wilderStep } from './rma.ts';
import { rangeSince } from './true-range.ts';

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
  begin: () => ({ count: 0, average: 0 }),
  // In one loop what rma of trueRange would give in two: the division takes so long that the range costs nothing beside it.
  advance(memory, { inputs, from, to, outputs }, [bars]) {
    const [high, low, close, out] = [inputs[0]!, inputs[1]!, inputs[2]!, outputs[0]!];
    let { count, average } = memory;
    for (let i = from; i < to; i++) {
      if (count > bars) {
        average = wilderStep(average, rangeSince(close[i - 1]!, high[i]!, low[i]!), bars);
      } else {
        if (count > 0) average += rangeSince(close[i - 1]!, high[i]!, low[i]!);
        if (count === bars) average /= bars;
        count++;
      }
      out[i - from] = average;
    }
    blank(out, { from, to }, bars - memory.count);
    Object.assign(memory, { count, average });
  },
});

export const natr = defineIndicator({
  name: 'natr',
  title: 'Normalised average true range',
  description:
    '100 × atr(period) / close, in percent. First value at bar `period`; none where the close is 0, where NATR of TA-Lib gives 0.',
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
