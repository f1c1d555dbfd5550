import { describe, expect, it } from 'vitest';
import { temporaryStore } from '../artifacts/temporary-store.ts';
import { BacktestSpec } from '../shared/spec.ts';
import { barsOf } from '../test/fixtures/bars.ts';
import { createMarketData } from './catalog.ts';
import { createSampleSource } from './sample.ts';
import type { BarSource } from './source.ts';

const signal = new AbortController().signal;
const info = (symbol: string) => ({ symbol, from: null, to: null, bars: null, timeframe: '1d' });

/** Knows two symbols, and counts what it is asked for; MOST has no bars. */
function countingSource() {
  const asked = { fetch: 0 };
  const source: BarSource = {
    ...createSampleSource(),
    name: 'counting',
    describe: () => ({ source: 'counting', title: 'Counting', description: '', timeframes: ['1d'], timeZone: 'UTC' }),
    symbols: async () => [info('MUST'), info('MOST'), info('LAST')],
    estimate: async () => 3,
    async *fetch({ symbols }) {
      asked.fetch++;
      yield symbols.map((symbol) => barsOf(symbol === 'MOST' ? [] : [10, 11, 12], symbol));
    },
  };
  return { source, asked };
}

function specOf(symbols: string[]): BacktestSpec {
  return BacktestSpec.parse({ data: { source: 'counting', symbols }, strategy: { name: 'buy-and-hold' } });
}

describe('the bars of a dataset', () => {
  it('are not asked for again by whoever wants the same, wherever', async () => {
    const { artifacts } = await temporaryStore();
    const { source, asked } = countingSource();
    const ref = await createMarketData({ sources: [source], artifacts }).fetch(specOf(['MUST']), signal);
    const elsewhere = createMarketData({ sources: [source], artifacts });
    expect(await elsewhere.cached(specOf(['MUST']))).toEqual(ref);
    expect(asked.fetch).toBe(1);
  });

  it('are those of every symbol: one without any is named, with the nearest that has some', async () => {
    const { artifacts } = await temporaryStore();
    const market = createMarketData({ sources: [countingSource().source], artifacts });
    await expect(market.fetch(specOf(['LAST', 'MOST']), signal)).rejects.toMatchObject({
      code: 'no_data',
      faults: [{ path: 'data.symbols.1', message: '"MOST" has no bars in this range. Did you mean "MUST"? Known: MUST, LAST.' }],
    });
    expect(await market.cached(specOf(['LAST', 'MOST']))).toBeNull();
  });
});
