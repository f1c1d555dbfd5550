import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ArtifactRef } from '../shared/artifact.ts';
import { type Checkpoint, createCheckpointStore } from './checkpoints.ts';
import { temporaryStore } from './temporary-store.ts';

describe('checkpoints', () => {
  it('come back exactly, and equal ones have equal addresses', async () => {
    const store = await temporaryStore();
    const checkpoints = createCheckpointStore(store.artifacts);
    const checkpoint = checkpointAt(17, await store.artifacts.put('public', new Uint8Array(1)));
    const ref = await checkpoints.write('local', checkpoint);
    expect(await checkpoints.read(ref)).toStrictEqual(checkpoint);
    expect(await checkpoints.write('local', structuredClone(checkpoint))).toEqual(ref);
  });

  it('are read from the newest that is whole, since the bytes of a damaged file cannot be trusted', async () => {
    const store = await temporaryStore();
    const checkpoints = createCheckpointStore(store.artifacts);
    const dataset = await store.artifacts.put('public', new Uint8Array(1));
    const refs = await Promise.all([30, 20, 10].map((bar) => checkpoints.write('local', checkpointAt(bar, dataset))));
    const [newest, older, oldest] = refs.map(({ uri, sha256 }) => join(store.folder, uri.replace('/', `/${sha256.slice(0, 2)}/`)));
    expect((await checkpoints.readFirst(refs)).checkpoint.bar).toBe(30);
    await writeFile(newest!, 'x');
    await rm(older!);
    expect(await checkpoints.readFirst(refs)).toEqual({ ref: refs[2], checkpoint: checkpointAt(10, dataset) });
    await writeFile(oldest!, 'x');
    await expect(checkpoints.readFirst(refs)).rejects.toMatchObject({
      code: 'artifact_missing',
      message: expect.stringContaining(refs[0]!.uri),
    });
  });
});

function checkpointAt(bar: number, dataset: ArtifactRef): Checkpoint {
  return {
    dataset,
    bar,
    total: 100,
    ended: null,
    chunk: null,
    slices: 1,
    attempts: 2,
    cpuSeconds: 0.1 + 0.2,
    state: { peak: -Infinity, cash: -0, average: NaN, orders: [{ side: 'long', tag: '#1' }], nothing: null },
  };
}
