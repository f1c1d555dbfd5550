import { describe, expect, it } from 'vitest';
import type { ArtifactRef } from '../shared/artifact.ts';
import type { ThreadPools } from './thread-pools.ts';
import { createWorkerMemory, type WorkerMemory } from './worker-memory.ts';

function ref(sha256: string, bytes: number): ArtifactRef {
  return { uri: `public/${sha256}`, sha256, bytes, rows: 1 };
}

/** 100 bytes: 50 for datasets at most, and 25 for each of two jobs. */
function memoryOf(fails: () => boolean = () => false) {
  const done: string[] = [];
  const run = async (name: string, { sha256 }: ArtifactRef) => {
    done.push(`${name} ${sha256}`);
    if (fails()) throw new Error('unreadable');
    return { sha256, instruments: [] };
  };
  const threads = { run, close: async () => undefined } as unknown as ThreadPools;
  return { done, memory: createWorkerMemory(threads, { budgetBytes: 100, jobs: 2 }) };
}

/** Work that goes on until it is told to end. */
function begin(memory: WorkerMemory, of: ArtifactRef, options: Parameters<WorkerMemory['use']>[2] = {}) {
  const gate = Promise.withResolvers<void>();
  const state = { running: false };
  const work = memory.use(
    of,
    async () => {
      state.running = true;
      await gate.promise;
    },
    options,
  );
  return { state, end: () => (gate.resolve(), work), work };
}

const turns = async () => {
  for (let i = 0; i < 20; i++) await Promise.resolve();
};

describe('the memory of a worker', () => {
  it('loads a dataset once, however many jobs want it', async () => {
    const { memory, done } = memoryOf();
    await Promise.all([1, 2, 3].map(() => memory.use(ref('a', 10), async ({ dataset }) => expect(dataset?.sha256).toBe('a'))));
    expect(done).toEqual(['loadDataset a']);
  });

  it('gives up the dataset that was not used for longest where there is no room for another', async () => {
    const { memory, done } = memoryOf();
    for (const name of ['a', 'b', 'a', 'c', 'a', 'b']) await memory.use(ref(name, 35), async () => undefined);
    expect(done.map((load) => load.at(-1))).toEqual(['a', 'b', 'c', 'b']);
  });

  it('lets a job wait while others use what it would need', async () => {
    const { memory } = memoryOf();
    const [first, second] = [begin(memory, ref('a', 40)), begin(memory, ref('b', 40))];
    await turns();
    expect([first.state.running, second.state.running]).toEqual([true, false]);
    await first.end();
    await turns();
    expect(second.state.running).toBe(true);
    await second.end();
  });

  it('serves in the order of asking: a small job does not overtake', async () => {
    const { memory } = memoryOf();
    const [first, large, small] = [begin(memory, ref('a', 40)), begin(memory, ref('b', 40)), begin(memory, ref('a', 40))];
    await turns();
    expect([large.state.running, small.state.running]).toEqual([false, false]);
    await first.end();
    await turns();
    expect(large.state.running).toBe(true);
    await large.end();
    await small.end();
  });

  it('loads nothing of a dataset that is larger than half of it, and checks it once', async () => {
    const { memory, done } = memoryOf();
    for (let i = 0; i < 2; i++)
      await memory.use(ref('large', 51), async (share) => expect(share).toEqual({ dataset: null, memoryBytes: 25 }));
    expect(done).toEqual(['verifyDataset large']);
  });

  it('has room for a process that loads the dataset itself, as long as it works', async () => {
    const { memory, done } = memoryOf();
    const [own, other] = [begin(memory, ref('a', 50), { own: true }), begin(memory, ref('b', 40))];
    await turns();
    expect([own.state.running, other.state.running]).toEqual([true, false]);
    await own.end();
    await other.end();
    expect(done).toEqual(['loadDataset b']);
  });

  it('forgets who has given up waiting', async () => {
    const { memory } = memoryOf();
    const abort = new AbortController();
    const [first, given, last] = [
      begin(memory, ref('a', 40)),
      begin(memory, ref('b', 40), { signal: abort.signal }),
      begin(memory, ref('a', 40)),
    ];
    abort.abort(new Error('paused'));
    await expect(given.work).rejects.toThrow('paused');
    await turns();
    expect(last.state.running).toBe(true);
    await Promise.all([first.end(), last.end()]);
  });

  it('asks again for a dataset that could not be loaded', async () => {
    let failures = 1;
    const { memory, done } = memoryOf(() => failures-- > 0);
    await expect(memory.use(ref('a', 10), async () => undefined)).rejects.toThrow('unreadable');
    await memory.use(ref('a', 10), async () => undefined);
    expect(done).toEqual(['loadDataset a', 'loadDataset a']);
  });
});
