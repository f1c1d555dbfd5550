import { defineIndicator } from './indicator.ts';

export const trueRange = defineIndicator({
  name: 'trueRange',
  title: 'True range',
  description:
    'The distance that the price travelled since the last close: the highest of high, last close less the lowest of low, last close; in the unit of the price. First value at bar 1. As TRANGE of TA-Lib. J. Welles Wilder, 1978.',
  columns: ['high', 'low', 'close'],
  series: 0,
  params: [],
  outputs: ['value'],
  lookback: () => 1,
  begin: () => ({ begun: false }),
  advance(memory, { inputs, from, to, outputs }) {
    const [high, low, close, out] = [inputs[0]!, inputs[1]!, inputs[2]!, outputs[0]!];
    const first = memory.begun ? from : from + 1;
    if (!memory.begun) out[0] = Number.NaN;
    for (let i = first; i < to; i++) {
      out[i - from] = rangeSince(close[i - 1]!, high[i]!, low[i]!);
    }
    memory.begun = true;
  },
});

/** How far a bar reaches from its low to its high, the last close included. */
export function rangeSince(last: number, high: number, low: number): number {
  return (high > last ? high : last) - (low < last ? low : last);
}
