import { describe, expect, it } from 'vitest';
import { type Checkpoint, createCheckpointStore } from './checkpoints.ts';
import { temporaryStore } from './temporary-store.ts';

describe('checkpoints', () => {
  it('come back exactly, and equal ones have equal addresses', async () => {
    const store = await temporaryStore();
    const checkpoints = createCheckpointStore(store.artifacts);
    const dataset = await store.artifacts.put('public', new Uint8Array(1));
    const checkpoint: Checkpoint = {
      dataset,
      bar: 17,
      total: 100,
      ended: null,
      chunk: null,
      slices: 1,
      attempts: 2,
      cpuSeconds: 0.1 + 0.2,
      state: { peak: -Infinity, cash: -0, average: NaN, orders: [{ side: 'long', tag: '#1' }], nothing: null },
    };
    const ref = await checkpoints.write('local', checkpoint);
    expect(await checkpoints.read(ref)).toStrictEqual(checkpoint);
    expect(await checkpoints.write('local', structuredClone(checkpoint))).toEqual(ref);
  });
});
