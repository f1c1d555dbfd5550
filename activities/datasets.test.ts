import { expect, it } from 'vitest';
import type { ArtifactRef } from '../shared/artifact.ts';
import { createDatasetCache } from './datasets.ts';
import type { ThreadPools } from './thread-pools.ts';

it('loads a dataset once, however many slices ask for it at the same time', async () => {
  const { threads, loads } = recordingThreads();
  const cache = createDatasetCache(threads, 1_000);
  await Promise.all([cache.load(ref('a', 10)), cache.load(ref('a', 10)), cache.load(ref('a', 10))]);
  expect(loads).toEqual(['a']);
});

it('gives up the one that was not used for longest when the budget is full', async () => {
  const { threads, loads } = recordingThreads();
  const cache = createDatasetCache(threads, 100);
  for (const name of ['a', 'b', 'a', 'c', 'a', 'b']) await cache.load(ref(name, 50));
  expect(loads).toEqual(['a', 'b', 'c', 'b']);
});

it('loads a dataset that is larger than the budget all the same', async () => {
  const { threads } = recordingThreads();
  await expect(createDatasetCache(threads, 1).load(ref('large', 50))).resolves.toMatchObject({ sha256: 'large' });
});

it('asks again for a dataset that could not be loaded', async () => {
  let failures = 1;
  const { threads, loads } = recordingThreads(() => failures-- > 0);
  const cache = createDatasetCache(threads, 100);
  await expect(cache.load(ref('a', 10))).rejects.toThrow('unreadable');
  await cache.load(ref('a', 10));
  expect(loads).toEqual(['a', 'a']);
});

function ref(sha256: string, bytes: number): ArtifactRef {
  return { uri: `public/${sha256}`, sha256, bytes, rows: 1 };
}

function recordingThreads(fails: () => boolean = () => false) {
  const loads: string[] = [];
  const run = async (_name: string, job: ArtifactRef) => {
    loads.push(job.sha256);
    if (fails()) throw new Error('unreadable');
    return { sha256: job.sha256, instruments: [] };
  };
  return { loads, threads: { run, close: async () => undefined } as unknown as ThreadPools };
}
