import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryStore } from '../artifacts/temporary-store.ts';
import { BacktestSpec, type BacktestSpecInput } from '../shared/spec.ts';
import { bundledSources, createMarketData } from './catalog.ts';
import { createDatasetStore } from './dataset-store.ts';
import { collectBlocks } from './time-chunks.ts';
import type { BarSource } from './source.ts';

const { signal } = new AbortController();

function specOf(data: BacktestSpecInput['data'], benchmark?: string): BacktestSpec {
  return BacktestSpec.parse({ data, strategy: { name: 'buy-and-hold' }, ...(benchmark !== undefined && { benchmark }) });
}

const apple = specOf({ source: 'sample', symbols: ['AAPL'] });

describe('sources', () => {
  it('are listed with what they hold', async () => {
    const store = await temporaryStore();
    const marketData = createMarketData({ sources: bundledSources(), artifacts: store.artifacts });
    const coverage = { symbols: 5, from: '2000-03-01', to: '2013-03-01', bars: 12_154 };
    expect((await marketData.sources()).map((info) => [info.source, info.timeframes, info.coverage])).toEqual([
      ['sample', ['1d'], coverage],
      ['synthetic', ['any'], undefined],
    ]);
    expect((await marketData.symbols('sample')).map(({ symbol }) => symbol)).toContain('AAPL');
    await expect(marketData.symbols('smaple')).rejects.toMatchObject({ code: 'not_found', message: expect.stringContaining('"sample"') });
  });
});

describe('check', () => {
  it.each([
    [specOf({ source: 'sample', symbols: ['AAPL'] }), 3270],
    [specOf({ source: 'sample', symbols: ['AAPL'] }, 'AAPL'), 3270],
    [specOf({ source: 'sample', symbols: ['FB', 'GOOG'] }), 2148],
    [specOf({ source: 'synthetic', symbols: ['X'], synthetic: { bars: 1000 } }, 'Y'), 1000],
  ])('counts the bars to simulate (%#)', async (spec, bars) => {
    const store = await temporaryStore();
    expect(await createMarketData({ sources: bundledSources(), artifacts: store.artifacts }).check(spec)).toEqual({
      bars,
      columns: [],
      faults: [],
    });
  });

  it.each([
    ['an unknown source', specOf({ source: 'sampel', symbols: ['AAPL'] }), ['data.source']],
    ['unknown symbols', specOf({ source: 'sample', symbols: ['AAPL', 'X', 'Y'] }), ['data.symbols.1', 'data.symbols.2']],
    ['an unknown benchmark', specOf({ source: 'sample', symbols: ['AAPL'] }, 'SPY'), ['benchmark']],
    ['a timeframe', specOf({ source: 'sample', symbols: ['AAPL'], timeframe: '5m' }), ['data.timeframe']],
    ['an empty range', specOf({ source: 'sample', symbols: ['AAPL'], from: '2014-01-01' }), ['data.symbols.0']],
    ['all of it', specOf({ source: 'sample', symbols: ['X'], timeframe: '5m' }, 'FBI'), ['data.symbols.0', 'benchmark', 'data.timeframe']],
  ])('finds %s at its place in the spec', async (_name, spec, paths) => {
    const store = await temporaryStore();
    const { bars, faults } = await createMarketData({ sources: bundledSources(), artifacts: store.artifacts }).check(spec);
    expect(bars).toBe(0);
    expect(faults.map(({ path }) => path)).toEqual(paths);
  });

  it('does not take a source that is away for a fault of the spec', async () => {
    const store = await temporaryStore();
    const away: BarSource = { ...bundledSources()[0]!, estimate: () => Promise.reject(new Error('connection refused')) };
    const marketData = createMarketData({ sources: [away], artifacts: store.artifacts });
    await expect(marketData.check(apple)).rejects.toThrow('connection refused');
  });
});

it('refuses slower bars that are made of more than fits into the memory of a worker', async () => {
  const { artifacts } = await temporaryStore();
  const marketData = createMarketData({ sources: bundledSources(), artifacts, memoryBytes: 100_000 });
  // 3,270 daily bars of 96 bytes for a week each; as they are, they are stored block by block.
  const daily: BacktestSpecInput['data'] = { source: 'sample', symbols: ['AAPL'], timeframe: '1d' };
  expect((await marketData.check(specOf(daily))).faults).toEqual([]);
  expect((await marketData.check(specOf({ ...daily, timeframe: '1w' }))).faults).toEqual([
    { path: 'data.timeframe', message: expect.stringMatching(/1 MB at once, of 1 MB.*fewer symbols/) },
  ]);
});

describe('fetch', () => {
  it('stores what is traded, in order, then the benchmark', async () => {
    const store = await temporaryStore();
    const marketData = createMarketData({ sources: bundledSources(), artifacts: store.artifacts });
    const datasets = createDatasetStore(store.artifacts);
    const symbolsOf = async (spec: BacktestSpec): Promise<string[]> =>
      (await datasets.read(await marketData.fetch(spec, signal))).instruments.map(({ symbol }) => symbol);
    expect(await symbolsOf(specOf({ source: 'sample', symbols: ['MSFT', 'AAPL'] }, 'IBM'))).toEqual(['MSFT', 'AAPL', 'IBM']);
    expect(await symbolsOf(specOf({ source: 'sample', symbols: ['MSFT', 'AAPL'] }, 'AAPL'))).toEqual(['MSFT', 'AAPL']);
  });

  it.each([
    [{ adjust: 'none' }, [1, 37]],
    [{ adjust: 'none', to: '2003-02-17' }, null],
    [{ adjust: 'none', from: '2003-02-18', to: '2003-10-15' }, [0, 2]],
    [{ adjust: 'none', actions: false }, null],
    [{}, null],
    [{ adjust: 'splits', actions: true }, [0, 37]],
    [{ adjust: 'total-return' }, null],
  ] as const)('stores the splits and dividends that the account is to see: %o', async (data, counts) => {
    const store = await temporaryStore();
    const ref = await createMarketData({ sources: bundledSources(), artifacts: store.artifacts }).fetch(
      specOf({ source: 'sample', symbols: ['MSFT'], ...data }),
      signal,
    );
    const { actions } = (await createDatasetStore(store.artifacts).read(ref)).instruments[0]!;
    expect(actions === undefined ? null : [actions.splits.ts.length, actions.dividends.ts.length]).toEqual(counts);
  });

  it('is found again by whoever asks for the same data', async () => {
    const store = await temporaryStore();
    const marketData = createMarketData({ sources: bundledSources(), artifacts: store.artifacts });
    expect(await marketData.cached(apple)).toBeNull();
    const ref = await marketData.fetch(apple, signal);
    const elsewhere = createMarketData({ sources: bundledSources(), artifacts: store.artifacts });
    expect(await elsewhere.cached({ ...apple, seed: 99, name: 'another run' })).toEqual(ref);
    expect(await elsewhere.cached(specOf({ source: 'sample', symbols: ['AAPL'] }, 'AAPL'))).toEqual(ref);
  });

  it('is not found for other data, or another version of the source', async () => {
    const store = await temporaryStore();
    const marketData = createMarketData({ sources: bundledSources(), artifacts: store.artifacts });
    await marketData.fetch(apple, signal);
    const others = [
      specOf({ source: 'sample', symbols: ['IBM'] }),
      specOf({ source: 'sample', symbols: ['AAPL'], adjust: 'none' }),
      specOf({ source: 'sample', symbols: ['AAPL'], to: '2012-12-31' }),
      specOf({ source: 'sample', symbols: ['AAPL'] }, 'IBM'),
    ];
    for (const other of others) expect(await marketData.cached(other)).toBeNull();
    const newer = createMarketData({ sources: [{ ...bundledSources()[0]!, version: 'newer' }], artifacts: store.artifacts });
    expect(await newer.cached(apple)).toBeNull();
  });

  it('makes a dataset again whose file is gone', async () => {
    const store = await temporaryStore();
    const marketData = createMarketData({ sources: bundledSources(), artifacts: store.artifacts });
    const ref = await marketData.fetch(apple, signal);
    await rm(join(store.folder, 'public', ref.sha256.slice(0, 2)), { recursive: true });
    expect(await marketData.cached(apple)).toBeNull();
    expect(await marketData.fetch(apple, signal)).toEqual(ref);
    expect(await marketData.cached(apple)).toEqual(ref);
  });

  it('refuses bars that are not fit to trade on, and stores nothing', async () => {
    const store = await temporaryStore();
    const sample = bundledSources()[0]!;
    const broken: BarSource = {
      ...sample,
      async *fetch(spec, abort) {
        const [bars] = await collectBlocks(sample.fetch(spec, abort));
        bars!.close[2] = NaN;
        yield [bars!];
      },
    };
    const marketData = createMarketData({ sources: [broken], artifacts: store.artifacts });
    await expect(marketData.fetch(apple, signal)).rejects.toMatchObject({
      code: 'bad_data',
      message: expect.stringMatching(/^AAPL, bar 2 \(2000-03-03T00:00:00\.000Z\) has close NaN/),
    });
    expect(await marketData.cached(apple)).toBeNull();
  });

  it('stores nothing once it is cancelled', async () => {
    const store = await temporaryStore();
    const marketData = createMarketData({ sources: bundledSources(), artifacts: store.artifacts });
    await expect(marketData.fetch(apple, AbortSignal.abort(new Error('cancelled')))).rejects.toThrow('cancelled');
    expect(await marketData.cached(apple)).toBeNull();
  });
});
