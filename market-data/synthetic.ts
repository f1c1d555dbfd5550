import { setImmediate } from 'node:timers/promises';
import { HoldfastError, type Fault } from '../shared/errors.ts';
import { type DataSpec, timeframeMs } from '../shared/spec.ts';
import { LAST_TIME, timeRange } from './range.ts';
import type { BarSource } from './source.ts';
import { createMarketBlocks, type WalkPlan } from './synthetic-returns.ts';
import { createWalk } from './synthetic-walk.ts';

const DEFAULT_START = Date.UTC(2000, 0, 1);
/** Of all symbols together: 5 GB of columns. They are streamed, so this bounds a disk and a minute, not a memory. */
const MOST_BARS = 100_000_000;
/** Bars of a block, over all symbols: 3 MB, which stay in the cache until they are written. */
const BLOCK = 65_536;

/** The source `synthetic`: a seeded geometric random walk for any symbol, timeframe and number of bars; around the clock, from `from` on. */
export function createSyntheticSource(): BarSource {
  return {
    name: 'synthetic',
    version: '3',
    describe: () => ({
      source: 'synthetic',
      title: 'Synthetic',
      description:
        'Seeded random walks, with jumps, regimes, correlation and a daily pattern if asked for: any symbols, any timeframe, up to 50 million bars each. The same request gives the same bars everywhere.',
      timeframes: ['any'],
      timeZone: 'UTC',
    }),
    symbols: async () => [],
    estimate: async (spec) => planOf(spec).bars,
    async *fetch(spec, signal) {
      const plan = planOf(spec);
      const market = createMarketBlocks(plan);
      const walks = spec.symbols.map((symbol) => createWalk(symbol, plan));
      const size = Math.max(1, Math.floor(BLOCK / walks.length));
      for (let from = 0; from < plan.bars; from += size) {
        signal.throwIfAborted();
        const block = market(from, Math.min(plan.bars, from + size));
        yield walks.map((advance) => advance(block));
        await setImmediate();
      }
    },
  };
}

/** Fails with every fault of the request. `bars` becomes the number that fits before `to`. */
function planOf(spec: DataSpec): WalkPlan {
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
