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
import type { StoredResult } from '../../shared/run.ts';
import { BacktestSpec, type BacktestSpecInput } from '../../shared/spec.ts';
import { prepareDecider } from '../../strategies/catalog.ts';
import { createJobs } from './jobs.ts';
import type { JobStores } from './stores.ts';

const TWO_SYMBOLS: BacktestSpecInput = {
  data: { source: 'sample', symbols: ['AAPL', 'IBM'], timeframe: '1d', from: '2004-01-01', to: '2006-12-31' },
  strategy: { name: 'sma-cross', params: { fast: 5, slow: 20, direction: 'long-short' } },
  account: {
    sizing: { kind: 'fraction', fraction: 0.4 },
    fees: { fixed: 2 },
    slippage: { maxVolumeShare: 0.05 },
    interest: { borrow: 0.01 },
  },
  benchmark: 'MSFT',
};

async function openStores(): Promise<JobStores> {
  const { artifacts } = await temporaryStore();
  return {
    marketData: createMarketData({ sources: bundledSources(), artifacts }),
    uploaded: (upload) => uploadedMarketData(upload, { artifacts }),
    datasets: createDatasetStore(artifacts),
    chunks: createChunkStore(artifacts),
    checkpoints: createCheckpointStore(artifacts),
    series: createSeriesStore(artifacts),
    trialTables: createTrialTables(artifacts),
    engineVersion: 'e',
    prepareDecider,
    strategyHash: () => 's',
  };
}

/** More than any of these runs takes. */
const memoryBytes = 2 ** 30;

/** Runs a spec to its end; with `sliceMs` 0 each slice ends at its first look at the clock. */
async function run(stores: JobStores, input: BacktestSpecInput, sliceMs: number): Promise<StoredResult> {
  const spec = BacktestSpec.parse(input);
  const jobs = createJobs(stores);
  const { dataset: datasetRef } = await jobs.fetchBars({ spec, upload: null, at: Date.now(), control: new Int32Array(2) });
  const dataset = await jobs.loadDataset(datasetRef);
  const control = new Int32Array(new SharedArrayBuffer(8));
  let checkpoint: ArtifactRef | null = null;
  for (let ended = false; !ended;) {
    const slice = await jobs.simulateSlice({
      owner: 'local',
      spec,
      dataset,
      datasetRef,
      memoryBytes,
      checkpoint,
      earlier: null,
      sliceMs,
      attempt: 1,
      control,
    });
    checkpoint = slice.checkpoint;
    ended = slice.ended !== null;
  }
  return jobs.aggregateRun({ owner: 'local', spec, dataset, datasetRef, memoryBytes, checkpoint: checkpoint! });
}

describe('a run that is done at once', () => {
  async function atOnce(stores: JobStores, sliceMs: number) {
    const spec = BacktestSpec.parse(TWO_SYMBOLS);
    const jobs = createJobs(stores);
    const { dataset: datasetRef } = await jobs.fetchBars({ spec, upload: null, at: Date.now(), control: new Int32Array(2) });
    const dataset = await jobs.loadDataset(datasetRef);
    const control = new Int32Array(new SharedArrayBuffer(8));
    const place = { owner: 'local', spec, dataset, datasetRef, memoryBytes, checkpoint: null, earlier: null };
    return { jobs, place, control, ...(await jobs.runAtOnce({ ...place, sliceMs, attempt: 1, control })) };
  }

  it('gives the bytes of one that was stored between its slices', async () => {
    const stores = await openStores();
    const { result, slice } = await atOnce(stores, 60_000);
    const sliced = await run(stores, TWO_SYMBOLS, 60_000);
    expect(slice).toMatchObject({ checkpoint: null, bar: slice.total, ended: 'end-of-data' });
    expect(result!.manifest).toEqual({ ...sliced.manifest, cpuSeconds: result!.manifest.cpuSeconds });
    expect({ ...result, manifest: null }).toEqual({ ...sliced, manifest: null });
  });

  it('leaves a checkpoint where its time is up, from which slices go on to the same bytes', async () => {
    const stores = await openStores();
    const { jobs, place, control, slice, result } = await atOnce(stores, 0);
    expect(result).toBeNull();
    expect(slice.bar).toBeLessThan(slice.total);
    const rest = await jobs.simulateSlice({ ...place, checkpoint: slice.checkpoint, sliceMs: 60_000, attempt: 1, control });
    const ended = await jobs.aggregateRun({ ...place, checkpoint: rest.checkpoint! });
    expect(ended.manifest.resultHash).toBe((await run(stores, TWO_SYMBOLS, 60_000)).manifest.resultHash);
  });
});

describe('a run of two symbols', () => {
  it('trades both and says what became of every order', async () => {
    const stores = await openStores();
    const result = await run(stores, TWO_SYMBOLS, 60_000);
    const [orders, trades, words] = await Promise.all([
      stores.series.readOrders(result.orders),
      stores.series.readTrades(result.trades),
      stores.series.readWords(result.logs),
    ]);
    expect(new Set(trades.symbol)).toEqual(new Set([0, 1]));
    expect(new Set(orders.symbol)).toEqual(new Set([0, 1]));
    expect(orders.fee.reduce((sum, fee) => sum + fee, 0)).toBeCloseTo(result.metrics.fees, 9);
    expect(words).toEqual({ tags: [''], lines: [] });
    expect(result.metrics.beta).not.toBeNull();
    expect(result.verdicts.lookAhead).toEqual({ passed: true, samples: 6, firstDifference: null });
  });

  it('gives the same bytes however it was sliced', async () => {
    const stores = await openStores();
    const whole = await run(stores, TWO_SYMBOLS, 60_000);
    const sliced = await run(stores, TWO_SYMBOLS, 0);
    expect(sliced.manifest.slices).toBeGreaterThan(1);
    expect(sliced.manifest.resultHash).toBe(whole.manifest.resultHash);
    expect(sliced.orders).toEqual(whole.orders);
  });
});

it('a change of an order that changes no figure still changes the hash of the result', async () => {
  const stores = await openStores();
  const spec: BacktestSpecInput = { ...TWO_SYMBOLS, account: { sizing: { kind: 'units', units: 1e12 } } };
  const none: BacktestSpecInput = { ...spec, account: { sizing: { kind: 'units', units: 1e12 }, leverage: 2 } };
  const [first, second] = [await run(stores, spec, 60_000), await run(stores, none, 60_000)];
  expect(first.metrics).toEqual(second.metrics);
  expect(first.manifest.resultHash).not.toBe(second.manifest.resultHash);
});
