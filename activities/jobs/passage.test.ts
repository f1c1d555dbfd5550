import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { temporaryStore } from '../../artifacts/temporary-store.ts';
import type { Checkpoint } from '../../artifacts/checkpoints.ts';
import { toExactJson, fromExactJson } from '../../artifacts/exact-json.ts';
import { INDICATORS } from '../../engine/indicators/catalog.ts';
import { openPositions, type RunState } from '../../engine/run-simulation.ts';
import { createDatasetStore } from '../../market-data/dataset-store.ts';
import type { Bars } from '../../shared/bars.ts';
import { BacktestSpec, type BacktestSpecInput } from '../../shared/spec.ts';
import { prepareDecider } from '../../strategies/catalog.ts';
import { defineModule } from '../../strategies/define-module.ts';
import { createModuleTrader } from '../../strategies/module-trader.ts';
import { randomMarket } from '../../test/fixtures/random-runs.ts';
import { openPassage, type Passage, type PassageJob } from './passage.ts';
import { openResultBars } from './result-bars.ts';
import type { JobStores } from './stores.ts';

type Strategy = BacktestSpecInput['strategy'];

const BUILT_IN: Strategy[] = [
  { name: 'sma-cross', params: { fast: 2, slow: 5, direction: 'long-short' } },
  { name: 'ema-cross', params: { fast: 2, slow: 5 } },
  { name: 'macd', params: { fast: 2, slow: 4, smooth: 3 } },
  { name: 'rsi-reversion', params: { period: 3 } },
  { name: 'bollinger', params: { period: 4, deviations: 1 } },
  { name: 'donchian-breakout', params: { entry: 4, exit: 2 } },
  { name: 'buy-and-hold' },
  { name: 'synthetic-load', params: { fast: 2, slow: 5, microsecondsPerBar: 0 } },
  { name: 'dollar-cost-averaging', params: { parts: 5, rebalance: 'weekly' } },
  { name: 'equal-weight', params: { rebalance: 'weekly' } },
  { name: 'inverse-volatility', params: { window: 4, rebalance: 'weekly' } },
  { name: 'momentum-rotation', params: { lookback: 4, rebalance: 'weekly' } },
  { name: 'pairs-zscore', params: { window: 4, enter: 0.8, exit: 0.2 } },
  { name: 'pairs-zscore', params: { window: 4, enter: 0.8, exit: 0.2, spread: 'regression' } },
];

const rules = (texts: object): Strategy => ({ rules: texts }) as Strategy;

/** Each indicator against its own value of the bar before. */
const OF_EACH_INDICATOR = [...INDICATORS.values()].map(({ name, series, params }) => {
  const given = params.map((param) => Math.min(param.max, Math.max(param.min, Math.min(param.default ?? 3, 4))));
  const call = `${name}(${[...['close', 'volume'].slice(0, series), ...given].join(', ')})`;
  return rules({ enterLong: `${call} > ${call}[1]`, exitLong: `${call} < ${call}[1]` });
});

const RULES: Strategy[] = [
  rules({ enterLong: 'sma(rsi(close, 3), 600) > 50', exitLong: 'highest(sma(close, 3), 700) > close[800] * 3' }),
  ...OF_EACH_INDICATOR,
  rules({ enterLong: 'crossOver(sma(rsi(close, 3), 2), 50)', exitLong: 'crossUnder(ema(sma(close, 3) - close, 2)[2], 0)' }),
  rules({ enterLong: 'sma(close > open ? close : open, 3) > close[5]', exitLong: 'stdev(close / open, 3) > 0.05' }),
  rules({ weight: 'rank(roc(close, 3)) == 1 ? 0.9 : 0', rebalance: 'weekly' }),
  rules({ enterLong: 'rank(sma(close, 2)) == 1', exitLong: 'sma(rank(close), 3) > 1.5', stopLoss: '0.05', takeProfit: '0.1', size: '0.3' }),
];

/** Remembers, looks back at prices and at an indicator, and holds for long. */
const module = defineModule({
  title: 'Looks back',
  description: 'Buys after three rising closes.',
  params: {},
  indicators: () => ({ calm: { use: 'ema', params: [3] } }),
  init: () => ({ seen: 0 }),
  next(context, state) {
    state.seen++;
    const rises = context.indicator('calm') > context.indicator('calm', { ago: 3 });
    const symbol = context.symbol();
    if (rises && symbol.close() > symbol.close(2) && symbol.position === 0)
      context.buy({ stopLoss: { percent: 0.2 }, tag: `at ${state.seen}` });
    else if (state.seen % 17 === 0) context.close();
  },
});

async function collect(stores: Pick<JobStores, 'datasets' | 'prepareDecider'>, job: PassageJob, pauses: readonly number[]) {
  const parts: ReturnType<Passage['simulation']['take']>[] = [];
  let passage = await openPassage(stores, job, null);
  for (const pause of [...pauses, Infinity]) {
    while (passage.simulation.ended === null && passage.simulation.bar < pause) {
      if (passage.simulation.bar === passage.until) await passage.next();
      passage.simulation.advance(Math.min(passage.until, pause));
      parts.push(passage.simulation.take());
    }
    const { bar } = passage.simulation;
    // As a checkpoint on its way through a file.
    const before = { bar, place: passage.place, state: passage.simulation.state() };
    passage = await openPassage(stores, job, fromExactJson(toExactJson(before)) as Checkpoint);
  }
  const state = passage.simulation.state();
  const open = await (await openResultBars(stores, job)).open(state);
  const rows = (of: 'curve' | 'trades' | 'orders') => {
    const names = Object.keys(parts[0]![of]);
    const column = (name: string) => parts.flatMap((part) => [...(part[of] as Record<string, Float64Array>)[name]!]);
    return Object.fromEntries(names.map((name) => [name, column(name)]));
  };
  return { curve: rows('curve'), trades: rows('trades'), orders: rows('orders'), state, open };
}

interface Cuts {
  chunkRows: number;
  memoryBytes: number;
  pauses: number[];
}

const randomCuts: fc.Arbitrary<Cuts> = fc.record({
  chunkRows: fc.integer({ min: 100, max: 900 }),
  memoryBytes: fc.constantFrom(0, 50_000, 200_000),
  pauses: fc.array(fc.nat(1_500), { maxLength: 3 }).map((bars) => bars.toSorted((a, b) => a - b)),
});

async function expectSameBytes(
  strategy: Strategy,
  bars: Bars[],
  { chunkRows, memoryBytes, pauses }: Cuts,
  prepare: JobStores['prepareDecider'] = prepareDecider,
) {
  const datasets = createDatasetStore((await temporaryStore()).artifacts, { chunkRows });
  const datasetRef = await datasets.write('public', [bars]);
  const data = { source: 'sample', symbols: bars.map(({ symbol }) => symbol), timeframe: '1d' };
  const spec = BacktestSpec.parse({ data, strategy, account: { fees: { relative: 0.001 }, interest: { borrow: 0.02 } } });
  const job = { spec, datasetRef, memoryBytes };
  const stores = { datasets, prepareDecider: prepare };
  const whole = await collect(stores, { ...job, dataset: { sha256: 'x', instruments: bars } }, []);
  const streamed = await collect(stores, { ...job, dataset: null }, pauses);
  expect(streamed).toEqual(whole);
}

describe('a run whose bars are streamed', { timeout: 120_000 }, () => {
  // More bars than a stretch keeps of the one before.
  const market = randomMarket(1_500);
  // A case is thousands of numbers: making it smaller would take minutes and tell little.
  const runs = { numRuns: 2, endOnFailure: true };

  it.each(BUILT_IN.map((strategy, k) => ({ ...strategy, strategy, k })))(
    'gives the bytes of one whose bars are in memory: $name',
    async ({ strategy, k }) => {
      const pair = strategy.name === 'pairs-zscore' || strategy.name === 'momentum-rotation';
      const fit = pair ? market.filter((bars) => bars.length > 1).map((bars) => bars.slice(0, 2)) : market;
      await fc.assert(
        fc.asyncProperty(fit, randomCuts, (bars, cuts) => expectSameBytes(strategy, bars, cuts)),
        // Another case for each strategy: what they have in common is then tried in many ways.
        { ...runs, numRuns: 1, seed: fc.readConfigureGlobal().seed! + k },
      );
    },
  );

  it('does so for rules of all indicators, nested ones, ranks and brackets', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...RULES), market, randomCuts, (strategy, bars, cuts) => expectSameBytes(strategy, bars, cuts)),
      { ...runs, numRuns: 20 },
    );
  });

  it('does so for modules', async () => {
    const prepare: JobStores['prepareDecider'] = (_, bars) => ({
      trader: createModuleTrader({ name: 'looks-back', sourceHash: 'x', module, params: {}, bars, pulse: new Int32Array(1) }),
    });
    await fc.assert(
      fc.asyncProperty(market, randomCuts, (bars, cuts) => expectSameBytes({ name: 'looks-back' }, bars, cuts, prepare)),
      runs,
    );
  });
});

it('goes on in stretches from a checkpoint that was left where all bars were in memory', async () => {
  const [bars] = fc.sample(randomMarket(120), { numRuns: 1, seed: 3 });
  const datasets = createDatasetStore((await temporaryStore()).artifacts, { chunkRows: 20 });
  const datasetRef = await datasets.write('public', [bars!]);
  const data = { source: 'sample', symbols: bars!.map(({ symbol }) => symbol), timeframe: '1d' };
  const spec = BacktestSpec.parse({ data, strategy: BUILT_IN[2] });
  const stores = { datasets, prepareDecider };
  const job = { spec, datasetRef, memoryBytes: 0 };
  const whole = await openPassage(stores, { ...job, dataset: { sha256: 'x', instruments: bars! } }, null);
  const middle = Math.floor(whole.simulation.total / 2);
  whole.simulation.advance(middle);
  const checkpoint = { bar: middle, state: whole.simulation.state() } as Checkpoint;
  whole.simulation.take();
  whole.simulation.advance(Infinity);
  const streamed = await openPassage(stores, { ...job, dataset: null }, checkpoint);
  expect(streamed.until).toBeGreaterThan(middle);
  while (streamed.simulation.ended === null) {
    if (streamed.simulation.bar === streamed.until) await streamed.next();
    streamed.simulation.advance(streamed.until);
  }
  expect(streamed.simulation.state()).toEqual(whole.simulation.state());
  const state = whole.simulation.state() as RunState;
  expect(openPositions(state, { bars: bars!, account: spec.account })).toBeDefined();
});
