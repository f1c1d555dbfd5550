import { setImmediate } from 'node:timers/promises';
import type { Bars } from '../shared/bars.ts';
import { HoldfastError, type Fault } from '../shared/errors.ts';
import { type DataSpec, type SyntheticSpec, timeframeMs } from '../shared/spec.ts';
import { createNormal, createWords } from './random-numbers.ts';
import { LAST_TIME, timeRange } from './range.ts';
import type { BarSource } from './source.ts';

const DEFAULT_START = Date.UTC(2000, 0, 1);
/** Generated markets never close. */
const YEAR_MS = 365 * 86_400_000;
/** Of all symbols together: 5 GB of columns. They are streamed, so this bounds a disk and a minute, not a memory. */
const MOST_BARS = 100_000_000;
/** Prices stay within this factor of the start: millions of daily bars are thousands of years, whose drift would overflow. */
const WIDEST = 10_000;
/** Bars of a block, over all symbols: 12 MB, and about 20 ms between two looks at the signal. */
const BLOCK = 250_000;

/** The source `synthetic`: a seeded geometric random walk for any symbol, timeframe and number of bars; around the clock, from `from` on. */
export function createSyntheticSource(): BarSource {
  return {
    name: 'synthetic',
    version: '1',
    describe: () => ({
      source: 'synthetic',
      title: 'Synthetic',
      description:
        'Seeded random walks: any symbols, any timeframe, up to 50 million bars each. The same request gives the same bars everywhere.',
      timeframes: ['any'],
      timeZone: 'UTC',
    }),
    symbols: async () => [],
    estimate: async (spec) => planOf(spec).bars,
    async *fetch(spec, signal) {
      const plan = planOf(spec);
      const walks = spec.symbols.map((symbol) => createWalk(symbol, plan));
      const size = Math.max(1, Math.floor(BLOCK / walks.length));
      for (let from = 0; from < plan.bars; from += size) {
        signal.throwIfAborted();
        yield walks.map((advance) => advance(from, Math.min(plan.bars, from + size)));
        await setImmediate();
      }
    },
  };
}

interface Plan extends SyntheticSpec {
  start: number;
  step: number;
}

/** Fails with every fault of the request. `bars` becomes the number that fits before `to`. */
function planOf(spec: DataSpec): Plan {
  if (spec.synthetic === undefined) throw refusal([{ path: 'data.synthetic', message: 'the source "synthetic" needs {"bars": …}' }]);
  const { start, end } = timeRange(spec);
  const step = timeframeMs(spec.timeframe);
  const first = start === -Infinity ? DEFAULT_START : start;
  const bars = Math.min(spec.synthetic.bars, Math.max(0, Math.ceil((end - first) / step)));
  const faults: Fault[] = [];
  if (bars * spec.symbols.length > MOST_BARS) {
    const message = `${bars} bars for ${spec.symbols.length} symbols are more than ${MOST_BARS} in all: ask for fewer bars or symbols`;
    faults.push({ path: 'data.synthetic.bars', message });
  }
  if (first + bars * step > LAST_TIME)
    faults.push({ path: 'data.timeframe', message: 'the last bar lies beyond the year 275760: ask for fewer bars' });
  if (faults.length > 0) throw refusal(faults);
  if (bars === 0) {
    const message = `lies before the first bar, ${new Date(first).toISOString()}`;
    throw new HoldfastError('no_data', `There are no bars to simulate: data.to ${message}.`, { faults: [{ path: 'data.to', message }] });
  }
  return { ...spec.synthetic, bars, start: first, step };
}

function refusal(faults: Fault[]): HoldfastError {
  return new HoldfastError('invalid_spec', faults.map(({ path, message }) => `${path}: ${message}`).join('; '), { faults });
}

/**
 * Makes the bars [from, to) of a symbol, one block after the other: each opens at the close before, and reaches a little above and below both. They
 * depend on its name and the plan alone, and fewer bars are the beginning of more.
 */
function createWalk(symbol: string, plan: Plan): (from: number, to: number) => Bars {
  const words = createWords(`${plan.seed}:${symbol}`);
  const normal = createNormal(words);
  const years = plan.step / YEAR_MS;
  const mean = plan.drift * years;
  const deviation = plan.volatility * Math.sqrt(years);
  const reach = deviation / 2 / 2048;
  const top = plan.startPrice * WIDEST;
  const bottom = plan.startPrice / WIDEST;
  let price = plan.startPrice;
  return (from, to) => {
    const column = (): Float64Array => new Float64Array(to - from);
    const bars: Bars = { symbol, ts: column(), open: column(), high: column(), low: column(), close: column(), volume: column() };
    const { ts, open, high, low, close, volume } = bars;
    for (let i = 0; i < to - from; i++) {
      const before = price;
      const growth = Math.exp(mean + deviation * normal());
      price = before * growth;
      if (!(price > bottom && price < top)) price = Math.min(top, Math.max(bottom, before / growth)); // mirrored at the edge
      ts[i] = plan.start + (from + i) * plan.step;
      open[i] = before;
      close[i] = price;
      // One word serves three draws: 11 bits for each wick, 10 for the volume.
      const word = words();
      high[i] = (before > price ? before : price) * (1 + reach * (word & 2047));
      low[i] = (before < price ? before : price) / (1 + reach * ((word >>> 11) & 2047));
      volume[i] = 1_000 + 9 * (word >>> 22);
    }
    return bars;
  };
}
