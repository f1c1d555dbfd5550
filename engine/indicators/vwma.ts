import { blank, defineIndicator, quotient, type Stretch } from './indicator.ts';
import { period } from './period.ts';
import { relayColumn, tailOf } from './relay.ts';
import { EMPTY_SUM, slidingProducts, slidingSums, type SumMemory } from './sliding-sums.ts';
import { typicalPrices } from './typical-price.ts';
import { filled } from './window.ts';

export const vwma = defineIndicator({
  name: 'vwma',
  title: 'Volume-weighted moving average',
  description:
    'The sum of value × volume over the sum of volume, for the last `period` bars; in the unit of the values. First value at bar period - 1; none where nothing was traded. As VWMA of TA-Lib.',
  columns: ['volume'],
  series: 1,
  params: [period()],
  outputs: ['value'],
  lookback: ([bars]) => bars,
  begin: () => ({ count: 0, traded: EMPTY_SUM, volume: EMPTY_SUM }),
  advance: (memory, stretch, [bars]) => weightedMeans(memory, stretch, { bars, first: bars }),
});

export const vwap = defineIndicator({
  name: 'vwap',
  title: 'Volume-weighted average price',
  description:
    'The sum of typical price × volume over the sum of volume, in the unit of the price; the typical price is (high + low + close) / 3. Over the last `period` bars, first value at bar period - 1; with period 0 over all bars so far, first value at bar 0, as VWAP of TA-Lib. No value where nothing was traded, where that gives 0. It knows nothing of sessions.',
  columns: ['high', 'low', 'close', 'volume'],
  series: 0,
  params: [period({ min: 0, default: 0 })],
  outputs: ['value'],
  lookback: ([bars]) => bars,
  begin: () => ({ count: 0, traded: EMPTY_SUM, volume: EMPTY_SUM, tail: [] as number[] }),
  advance(memory, stretch, [bars]) {
    const length = stretch.to - stretch.from;
    const from = memory.tail.length;
    const prices = relayColumn(memory.tail, length);
    typicalPrices(stretch, prices.subarray(from));
    const volumes = stretch.inputs[3]!.subarray(stretch.from - from, stretch.to);
    const window = bars === 0 ? { bars: Infinity, first: 1 } : { bars, first: bars };
    weightedMeans(memory, { inputs: [prices, volumes], from, to: prices.length, outputs: stretch.outputs }, window);
    memory.tail = tailOf(prices, bars);
  },
});

interface Weighted {
  count: number;
  traded: SumMemory;
  volume: SumMemory;
}

/** The means of the first input, weighted by the second, over `bars` values; shown once there are `first` of them. */
function weightedMeans(memory: Weighted, { inputs, from, to, outputs }: Stretch, { bars, first }: { bars: number; first: number }): void {
  const out = outputs[0]!;
  const window = { from, to, bars, before: memory.count };
  const traded = slidingProducts(memory.traded, [inputs[0]!, inputs[1]!], window);
  const volume = slidingSums(memory.volume, inputs[1]!, window);
  for (let k = 0; k < to - from; k++) out[k] = quotient(traded.sum[k]!, volume.sum[k]!);
  blank(out, window, first - 1 - memory.count);
  Object.assign(memory, { count: filled(window), traded: traded.memory, volume: volume.memory });
}
