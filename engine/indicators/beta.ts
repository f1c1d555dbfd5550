import { blank, defineIndicator, quotient, type Stretch } from './indicator.ts';
import { NO_PAIRS, pairVariations } from './pair-variation.ts';
import { period } from './period.ts';
import { relayColumn, tailOf } from './relay.ts';
import { filled } from './window.ts';

/** Covariance of two columns over the variance of the second. */
const slopeOfPairs = defineIndicator({
  name: 'slopeOfPairs',
  title: 'Slope of the first column on the second',
  description: 'Covariance over the variance of the second, of the last `period` pairs.',
  columns: [],
  series: 2,
  params: [period()],
  outputs: ['value'],
  lookback: ([bars]) => bars,
  begin: () => ({ count: 0, pairs: NO_PAIRS }),
  advance(memory, { inputs, from, to, outputs }, [bars]) {
    const out = outputs[0]!;
    const window = { from, to, bars, before: memory.count };
    const { ofY, together, memory: pairs } = pairVariations(memory.pairs, [inputs[0]!, inputs[1]!], window);
    for (let k = 0; k < to - from; k++) out[k] = quotient(together[k]!, ofY[k]!);
    blank(out, window, bars - 1 - memory.count);
    Object.assign(memory, { count: filled(window), pairs });
  },
});

export const beta = defineIndicator({
  name: 'beta',
  title: 'Beta',
  description:
    'How far the first series (an asset) moves when the second (the market) moves by 1: the covariance of their relative changes from bar to bar over the variance of the changes of the market, for the last `period` changes. Give prices, not returns. First value at bar `period`; none where all changes of the market are equal, and after a value of 0. BETA of TA-Lib divides by the variance of its first series: its BETA(market, asset) is our beta(asset, market), and it gives 0 where there is none.',
  columns: [],
  series: 2,
  params: [period({ min: 2 })],
  outputs: ['value'],
  lookback: () => 1,
  begin: ([bars]) => ({ begun: false, pairs: slopeOfPairs.start([bars]), asset: [] as number[], market: [] as number[] }),
  advance(memory, stretch, [bars]) {
    const from = memory.asset.length;
    const asset = relayColumn(memory.asset, stretch.to - stretch.from);
    const market = relayColumn(memory.market, stretch.to - stretch.from);
    changes(stretch.inputs[0]!, stretch, asset.subarray(from));
    changes(stretch.inputs[1]!, stretch, market.subarray(from));
    // The first bar has nothing to have changed from.
    if (!memory.begun) asset[from] = Number.NaN;
    slopeOfPairs.run(memory.pairs, { inputs: [asset, market], from, to: asset.length, outputs: stretch.outputs });
    memory.begun = true;
    memory.asset = tailOf(asset, bars);
    memory.market = tailOf(market, bars);
  },
});

/** Relative changes; NaN after a 0. */
function changes(values: Float64Array, { from, to }: Pick<Stretch, 'from' | 'to'>, out: Float64Array): void {
  for (let i = from; i < to; i++) out[i - from] = quotient(values[i]! - values[i - 1]!, values[i - 1]!);
}
