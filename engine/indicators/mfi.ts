import { defineIndicator, quotient } from './indicator.ts';
import { period } from './period.ts';
import { relayColumn, tailOf } from './relay.ts';
import { EMPTY_SUM, SlidingSum } from './sliding-sum.ts';
import { typicalPrices } from './typical-price.ts';

/** Adjusted prices carry rounding errors: moves below this share of the price are none. */
const ROUNDING = 1e-12;

export const mfi = defineIndicator({
  name: 'mfi',
  title: 'Money flow index',
  description:
    '100 × the money of rising bars over that of rising and falling ones, for the last `period` bars, 0 to 100. A bar rises or falls with its typical price, (high + low + close) / 3, by more than a rounding error (1e-12 of it), and its money is that price × volume. First value at bar `period`; none where there was no money. MFI of TA-Lib gives 0 where the money is below 1. Gene Quong and Avrum Soudack, 1989.',
  columns: ['high', 'low', 'close', 'volume'],
  series: 0,
  params: [period({ default: 14 })],
  outputs: ['value'],
  begin: () => ({ count: 0, last: 0, rising: EMPTY_SUM, falling: EMPTY_SUM, tail: [] as number[] }),
  advance(memory, stretch, [bars]) {
    const [volume, out] = [stretch.inputs[3]!, stretch.outputs[0]!];
    const flows = relayColumn(memory.tail, stretch.to - stretch.from);
    const from = memory.tail.length;
    typicalPrices(stretch, flows.subarray(from));
    const rising = new SlidingSum(memory.rising);
    const falling = new SlidingSum(memory.falling);
    let { count, last } = memory;
    for (let i = from; i < flows.length; i++) {
      const price = flows[i]!;
      const money = price * volume[stretch.from + i - from]!;
      const flow = count === 0 || Math.abs(price - last) <= ROUNDING * Math.abs(price) ? 0 : price > last ? money : -money;
      flows[i] = flow;
      const left = count > bars ? flows[i - bars]! : 0;
      rising.slide(Math.max(0, flow), Math.max(0, left));
      falling.slide(Math.max(0, -flow), Math.max(0, -left));
      out[i - from] = count < bars ? NaN : quotient(100 * rising.value, rising.value + falling.value);
      if (count <= bars) count++;
      last = price;
    }
    Object.assign(memory, { count, last, rising: rising.memory, falling: falling.memory, tail: tailOf(flows, bars) });
  },
});
