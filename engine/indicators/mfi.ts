import { blank, defineIndicator, quotient } from './indicator.ts';
import { period } from './period.ts';
import { relayColumn, tailOf } from './relay.ts';
import { EMPTY_SUM, slidingSums } from './sliding-sums.ts';
import { typicalPrices } from './typical-price.ts';

/** Adjusted prices carry rounding errors: moves below this share of the price are none. */
const ROUNDING = 1e-12;

export const mfi = defineIndicator({
  name: 'mfi',
  title: 'Money flow index',
  description:
    '100 × the money of rising bars over that of rising and falling ones, for the last `period` bars, 0 to 100. A bar rises or falls with its typical price, (high + low + close) / 3, by more than a rounding error (1e-12 of it), and its money is that price × volume. First value at bar `period`; none where no money moved. MFI of TA-Lib gives 0 there, and takes rounding errors for moves. Gene Quong and Avrum Soudack, 1989.',
  columns: ['high', 'low', 'close', 'volume'],
  series: 0,
  params: [period({ default: 14 })],
  outputs: ['value'],
  begin: () => ({ count: 0, last: 0, rising: EMPTY_SUM, falling: EMPTY_SUM, risingTail: [] as number[], fallingTail: [] as number[] }),
  advance(memory, stretch, [bars]) {
    const [volume, out] = [stretch.inputs[3]!, stretch.outputs[0]!];
    const length = stretch.to - stretch.from;
    const from = memory.risingTail.length;
    const rising = relayColumn(memory.risingTail, length);
    const falling = relayColumn(memory.fallingTail, length);
    const prices = new Float64Array(length);
    typicalPrices(stretch, prices);
    let last = memory.count === 0 ? prices[0]! : memory.last;
    for (let k = 0; k < length; k++) {
      const price = prices[k]!;
      const money = price * volume[stretch.from + k]!;
      const moved = Math.abs(price - last) > ROUNDING * Math.abs(price);
      if (moved && price > last) rising[from + k] = money;
      if (moved && price < last) falling[from + k] = money;
      last = price;
    }
    const window = { from, to: from + length, bars, before: Math.min(bars, memory.count) };
    const up = slidingSums(memory.rising, rising, window);
    const down = slidingSums(memory.falling, falling, window);
    for (let k = 0; k < length; k++) {
      out[k] = quotient(100 * up.sum[k]!, up.sum[k]! + down.sum[k]!);
    }
    // The first bar has no direction, so one more is needed than the window holds.
    blank(out, window, bars - memory.count);
    Object.assign(memory, {
      count: Math.min(bars + 1, memory.count + length),
      last: last + 0,
      rising: up.memory,
      falling: down.memory,
      risingTail: tailOf(rising, bars),
      fallingTail: tailOf(falling, bars),
    });
  },
});
