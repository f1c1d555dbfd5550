import { expect, it } from 'vitest';
import { createTrialTables } from '../../artifacts/trial-tables.ts';
import { createCheckpointStore } from '../../artifacts/checkpoints.ts';
import { createChunkStore } from '../../artifacts/chunks.ts';
import { createSeriesStore } from '../../artifacts/results.ts';
import { temporaryStore } from '../../artifacts/temporary-store.ts';
import { bundledSources, createMarketData } from '../../market-data/catalog.ts';
import { createDatasetStore } from '../../market-data/dataset-store.ts';
import { uploadedMarketData } from '../../market-data/uploads/owners.ts';
import { backtestOf, SweepSpec, type SweepSpecInput } from '../../shared/sweep-spec.ts';
import { prepareDecider } from '../../strategies/catalog.ts';
import { planOf } from '../../strategies/sweep/plan.ts';
import { namesWithEnds } from '../../strategies/sweep/shard-columns.ts';
import type { TrialsBefore } from './ends-before.ts';
import { createJobs } from './jobs.ts';

const owner = 'local';

const swept: SweepSpecInput = {
  data: { source: 'sample', symbols: ['AAPL'], from: '2005-01-03' },
  strategy: { name: 'sma-cross' },
  account: { fees: { relative: 0.001 } },
  space: { fast: { min: 2, max: 20, step: 1 }, slow: { min: 10, max: 50, step: 4 } },
};

async function openJobs() {
  const { artifacts } = await temporaryStore();
  const trialTables = createTrialTables(artifacts);
  const jobs = createJobs({
    marketData: createMarketData({ sources: bundledSources(), artifacts }),
    uploaded: (upload) => uploadedMarketData(upload, { artifacts }),
    datasets: createDatasetStore(artifacts, { chunkRows: 100 }),
    chunks: createChunkStore(artifacts),
    checkpoints: createCheckpointStore(artifacts),
    series: createSeriesStore(artifacts),
    trialTables,
    engineVersion: 'e',
    prepareDecider,
    strategyHash: () => 's',
  });
  /** The trials of a night in one shard, from the ends of those before where there are some. */
  async function night(
    input: SweepSpecInput,
    day: string,
    { count = 188, before = null }: { count?: number; before?: TrialsBefore | null } = {},
  ) {
    const spec = SweepSpec.parse({ ...input, data: { ...input.data, to: day, asOf: `${day}T00:00:00Z` } });
    const plan = planOf(spec);
    const { dataset: datasetRef } = await jobs.fetchBars({
      spec: backtestOf(spec),
      upload: null,
      at: Date.now(),
      control: new Int32Array(2),
    });
    const dataset = await jobs.loadDataset(datasetRef);
    const control = new Int32Array(new SharedArrayBuffer(64));
    const place = { owner, spec, dataset, from: 0, to: count, known: [], observed: null, shardMs: 60_000, control };
    const done = await jobs.runTrials({ ...place, before });
    const columns = await trialTables.read([done.ref!], namesWithEnds(plan));
    return { spec, dataset, datasetRef, columns, shard: { first: 0, count: done.count, ref: done.ref! } };
  }
  return { jobs, night };
}

it('trials go on where those of the night before ended, to the bytes of a whole run, night after night', async () => {
  const { jobs, night } = await openJobs();
  const first = await night(swept, '2012-05-02');
  const bars = first.dataset.instruments[0]!.ts.length;
  // Some were not tried the night before.
  const fewer = { bars, shards: [{ ...first.shard, count: 100 }] };
  const second = await night(swept, '2012-05-03', { before: fewer });
  expect(await jobs.continueSweep({ spec: second.spec, dataset: first.dataset, datasetRef: second.datasetRef })).toEqual({
    newBars: 1,
    full: null,
  });
  expect(second.columns).toEqual((await night(swept, '2012-05-03')).columns);
  const third = await night(swept, '2012-08-01', { before: { bars: bars + 1, shards: [second.shard] } });
  expect(third.columns).toEqual((await night(swept, '2012-08-01')).columns);
});

it('trials whose account was used up stay as they were', async () => {
  const { night } = await openJobs();
  const reckless: SweepSpecInput = { ...swept, account: { leverage: 10, fractional: true }, data: { ...swept.data, from: '2007-01-03' } };
  const first = await night(reckless, '2011-05-02');
  const used = [...first.columns['end.wanted']!].filter((wanted) => wanted === 3).length;
  expect(used).toBeGreaterThan(0);
  expect(used).toBeLessThan(188);
  const before = { bars: first.dataset.instruments[0]!.ts.length, shards: [first.shard] };
  expect((await night(reckless, '2012-05-02', { before })).columns).toEqual((await night(reckless, '2012-05-02')).columns);
});

it('why trials cannot go on is said', async () => {
  const { jobs, night } = await openJobs();
  const why = async (input: SweepSpecInput) => {
    const { spec, dataset, datasetRef } = await night(input, '2012-05-02', { count: 1 });
    return (await jobs.continueSweep({ spec, dataset, datasetRef })).full;
  };
  expect(await why({ ...swept, data: { ...swept.data, symbols: ['IBM'], adjust: 'none' } })).toContain('need every bar');
  expect(await why({ ...swept, account: { fill: 'same-close' } })).toContain('need every bar');
});
