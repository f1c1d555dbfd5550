import { atr } from './atr.ts';
import { ema } from './ema.ts';
import { defineIndicator } from './indicator.ts';
import { period } from './period.ts';
import { typicalPrices } from './typical-price.ts';

export const keltner = defineIndicator({
  name: 'keltner',
  title: 'Keltner channel',
  description:
    'Middle: the ema of the typical price, (high + low + close) / 3, over `period` bars; upper and lower: `multiplier` × atr(atrPeriod) above and below it; in the unit of the price. First middle at bar period - 1, first bands at bar max(period - 1, atrPeriod). KC of TA-Lib differs at first, in both averages. Chester Keltner, How To Make Money in Commodities, 1960, as revised by Linda Raschke; others take the ema of the close.',
  columns: ['high', 'low', 'close'],
  series: 0,
  params: [
    period({ default: 20 }),
    { name: 'multiplier', type: 'number', min: 0, max: 100, default: 2 },
    period({ name: 'atrPeriod', default: 10 }),
  ],
  outputs: ['middle', 'upper', 'lower'],
  lookback: () => 1,
  begin: ([bars, , atrBars]) => ({ middle: ema.start([bars]), range: atr.start([atrBars]) }),
  advance(memory, stretch, [, multiplier]) {
    const [middle, upper, lower] = [stretch.outputs[0]!, stretch.outputs[1]!, stretch.outputs[2]!];
    const prices = new Float64Array(stretch.to - stretch.from);
    typicalPrices(stretch, prices);
    ema.run(memory.middle, { inputs: [prices], from: 0, to: prices.length, outputs: [middle] });
    atr.run(memory.range, { ...stretch, outputs: [upper] });
    for (let i = 0; i < stretch.to - stretch.from; i++) {
      const width = multiplier * upper[i]!;
      upper[i] = middle[i]! + width;
      lower[i] = middle[i]! - width;
    }
  },
});
