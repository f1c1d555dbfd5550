import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCheckpointStore } from '../../artifacts/checkpoints.ts';
import { createChunkStore } from '../../artifacts/chunks.ts';
import { createTrialTables } from '../../artifacts/trial-tables.ts';
import { createSeriesStore } from '../../artifacts/results.ts';
import { temporaryStore } from '../../artifacts/temporary-store.ts';
import { bundledSources, createMarketData } from '../../market-data/catalog.ts';
import { createDatasetStore } from '../../market-data/dataset-store.ts';
import { uploadedMarketData } from '../../market-data/uploads/owners.ts';
import type { ArtifactRef } from '../../shared/artifact.ts';
import type { Bars } from '../../shared/bars.ts';
import { BacktestSpec, type BacktestSpecInput } from '../../shared/spec.ts';
import { prepareDecider } from '../../strategies/catalog.ts';
import type { ContinueJob } from './continue-run.ts';
import { createJobs } from './jobs.ts';
import { differenceFrom } from './longer-dataset.ts';
import type { JobStores } from './stores.ts';

const owner = 'local';
const memoryBytes = 2 ** 30;
const from = '2004-01-02';

async function openStores(): Promise<JobStores> {
  const { artifacts } = await temporaryStore();
  return {
    marketData: createMarketData({ sources: bundledSources(), artifacts }),
    uploaded: (upload) => uploadedMarketData(upload, { artifacts }),
    datasets: createDatasetStore(artifacts, { chunkRows: 100 }),
    chunks: createChunkStore(artifacts),
    checkpoints: createCheckpointStore(artifacts),
    series: createSeriesStore(artifacts),
    trialTables: createTrialTables(artifacts),
    engineVersion: 'e',
    prepareDecider,
    strategyHash: () => 's',
  };
}

/** Runs a spec to its end, from a checkpoint where there is one. */
async function run(stores: JobStores, input: BacktestSpecInput, start: { checkpoint: ArtifactRef; datasetRef: ArtifactRef } | null = null) {
  const spec = BacktestSpec.parse(input);
  const jobs = createJobs(stores);
  const fetch = { spec, upload: null, at: Date.now(), control: new Int32Array(2) };
  const datasetRef = start?.datasetRef ?? (await jobs.fetchBars(fetch)).dataset;
  const dataset = await jobs.loadDataset(datasetRef);
  const place = { owner, spec, dataset, datasetRef, memoryBytes };
  const control = new Int32Array(new SharedArrayBuffer(8));
  const slice = { ...place, checkpoint: start?.checkpoint ?? null, earlier: null, sliceMs: 60_000, attempt: 1, control };
  const { checkpoint, fromBar } = await jobs.simulateSlice(slice);
  return {
    spec,
    dataset,
    datasetRef,
    fromBar,
    checkpoint: checkpoint!,
    result: await jobs.aggregateRun({ ...place, checkpoint: checkpoint! }),
  };
}

/** A run up to one day, and what is found out about going on to another. */
async function continued(
  stores: JobStores,
  spec: (to: string) => BacktestSpecInput,
  days: [string, string],
  changes: Partial<ContinueJob> = {},
) {
  const before = await run(stores, spec(days[0]));
  const jobs = createJobs(stores);
  const now = BacktestSpec.parse(spec(days[1]));
  const { dataset: datasetRef } = await jobs.fetchBars({ spec: now, upload: null, at: Date.now(), control: new Int32Array(2) });
  const { checkpoint, dataset } = before;
  const found = await jobs.continueRun({
    owner,
    spec: now,
    checkpoint,
    dataset,
    datasetRef,
    strategyHash: 's',
    engineVersion: 'e',
    ...changes,
  });
  return { before, found, datasetRef };
}

const ofSymbols =
  (symbols: string[], spec: Partial<BacktestSpecInput>, data: object = {}) =>
  (to: string): BacktestSpecInput => ({
    data: { source: 'sample', symbols, timeframe: '1d', from, to, adjust: 'none', ...data },
    strategy: { name: 'sma-cross', params: { fast: 5, slow: 20, direction: 'long-short' } },
    account: { fees: { relative: 0.001 } },
    ...spec,
  });

const rules = {
  rules: {
    let: { f: 'ema(close, 5)', s: 'ema(close, 20)' },
    enterLong: 'crossOver(f, s)',
    exitLong: 'crossUnder(f, s)',
    stopLoss: '0.04',
    takeProfit: '0.1',
    trailingStop: '0.06',
  },
};

const CASES: [string, (to: string) => BacktestSpecInput][] = [
  ['signals on one symbol', ofSymbols(['IBM'], {})],
  [
    'signals on two with a benchmark',
    ofSymbols(['AAPL', 'IBM'], { benchmark: 'MSFT', account: { sizing: { kind: 'fraction', fraction: 0.4 }, interest: { borrow: 0.01 } } }),
  ],
  ['rules with open brackets', ofSymbols(['MSFT'], { strategy: rules })],
  ['a portfolio that remembers', ofSymbols(['AAPL', 'IBM', 'MSFT'], { strategy: { name: 'momentum-rotation' } })],
];

describe('a run that goes on where an earlier one came to its end', () => {
  it.each(CASES)('has the bytes of a run from the first bar: %s', async (_, spec) => {
    const stores = await openStores();
    const day = fc.integer({ min: 60, max: 700 }).map((days) => new Date(Date.parse(from) + days * 86_400_000).toISOString().slice(0, 10));
    await fc.assert(
      fc.asyncProperty(day, day, async (one, other) => {
        const days = [one, other].toSorted() as [string, string];
        const { before, found, datasetRef } = await continued(stores, spec, days);
        // Where the later days bring the first split or dividend, another simulation may be needed.
        fc.pre(found.full === null);
        expect(found.newBars).toBeGreaterThanOrEqual(0);
        const after = await run(stores, spec(days[1]), { checkpoint: found.checkpoint!, datasetRef });
        const whole = await run(stores, spec(days[1]));
        expect(after.result.manifest.resultHash).toBe(whole.result.manifest.resultHash);
        expect(after.result.metrics).toEqual(whole.result.metrics);
        expect(after.fromBar).toBe(before.result.curve.rows);
      }),
      { numRuns: 4 },
    );
  });

  it('runs in full, and says why, where what went before is not what it was', async () => {
    const stores = await openStores();
    const days: [string, string] = ['2004-12-31', '2005-06-30'];
    const reason = async (spec: (to: string) => BacktestSpecInput, changes: Partial<ContinueJob> = {}) =>
      (await continued(stores, spec, days, changes)).found.full;
    // Apple's shares were split in February 2005, for the first time in these bars.
    expect(await reason(ofSymbols(['AAPL'], {}))).toBe('AAPL has its first split or dividend');
    expect(await reason(ofSymbols(['IBM'], {}), { engineVersion: 'other' })).toMatch(/engine/);
    expect(await reason(ofSymbols(['IBM'], {}), { strategyHash: 'other' })).toMatch(/strategy/);
    expect(await reason(ofSymbols(['IBM'], {}))).toBeNull();
  });
});

describe('a dataset that goes on', () => {
  const bars = (changes: Partial<Bars> = {}, length = 4): Bars => {
    const column = (start: number) => Float64Array.from({ length }, (_, i) => start + i);
    return {
      symbol: 'A',
      ts: column(1_000),
      open: column(10),
      high: column(11),
      low: column(9),
      close: column(10),
      volume: column(100),
      ...changes,
    };
  };
  async function difference(before: Bars[], now: Bars[]) {
    const { datasets } = await openStores();
    return differenceFrom({ sha256: '', instruments: before }, await datasets.open(await datasets.write(owner, [now])));
  }
  const b = (length: number, ts?: number[]) => bars({ symbol: 'B', ...(ts && { ts: Float64Array.from(ts) }) }, length);

  it('holds the earlier one and later bars', async () => {
    expect(await difference([bars()], [bars()])).toBeNull();
    expect(await difference([bars()], [bars({}, 6)])).toBeNull();
    expect(await difference([bars(), b(3)], [bars({}, 6), b(3)])).toBeNull();
  });

  it('has nothing that is new before the last bar of any symbol', async () => {
    expect(await difference([bars(), b(3)], [bars({}, 6), b(4)])).toBe('B has new bars before the last of the night before');
    expect(await difference([bars(), b(2, [1_000, 1_002])], [bars(), b(3, [1_000, 1_001, 1_002])])).toBe(
      'B has new bars before the last of the night before',
    );
  });

  it('lacks nothing and has nothing changed', async () => {
    expect(await difference([bars({}, 6)], [bars()])).toBe('bars of before are missing');
    expect(await difference([bars()], [bars({ volume: Float64Array.from([100, 101, 999, 103]) })])).toBe('bars of A were changed');
    expect(await difference([bars()], [bars({ symbol: 'C' })])).toBe('it has other symbols');
    expect(await difference([bars()], [bars({ extra: { x: new Float64Array(4) } })])).toBe('it has other columns');
  });
});
