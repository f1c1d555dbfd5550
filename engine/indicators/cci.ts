import { defineIndicator, quotient } from './indicator.ts';
import { period } from './period.ts';
import { relayColumn, tailOf } from './relay.ts';
import { sma } from './sma.ts';
import { typicalPrices } from './typical-price.ts';

/** Relative: a mean of equal prices differs from them by less, and a quotient of two such differences would say ±66.7. */
const ROUNDING = 1e-12;

export const cci = defineIndicator({
  name: 'cci',
  title: 'Commodity channel index',
  description:
    '(typical price - its sma) / (0.015 × the mean distance of the last `period` typical prices from that sma); the typical price is (high + low + close) / 3. First value at bar period - 1; none where all are equal (to 1e-12 of them), where CCI of TA-Lib gives 0. The time for a bar grows with the period. Donald Lambert, 1980.',
  columns: ['high', 'low', 'close'],
  series: 0,
  params: [period({ min: 2, default: 20 })],
  outputs: ['value'],
  begin: ([bars]) => ({ count: 0, mean: sma.start([bars]), tail: [] as number[] }),
  advance(memory, stretch, [bars]) {
    const out = stretch.outputs[0]!;
    const from = memory.tail.length;
    const prices = relayColumn(memory.tail, stretch.to - stretch.from);
    typicalPrices(stretch, prices.subarray(from));
    sma.run(memory.mean, { inputs: [prices], from, to: prices.length, outputs: [out] });
    for (let i = Math.max(from, bars - 1); i < prices.length; i++) {
      const mean = out[i - from]!;
      let distance = 0;
      for (let j = i - bars + 1; j <= i; j++) distance += Math.abs(prices[j]! - mean);
      const isFlat = distance <= ROUNDING * bars * Math.abs(mean);
      out[i - from] = isFlat ? Number.NaN : quotient(prices[i]! - mean, (0.015 * distance) / bars);
    }
    memory.tail = tailOf(prices, bars);
  },
});
