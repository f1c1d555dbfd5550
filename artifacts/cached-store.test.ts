import { createHash } from 'node:crypto';
import { mkdtemp, readdir, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { ArtifactRef } from '../shared/artifact.ts';
import { createCachedStore } from './cached-store.ts';
import type { ArtifactStore } from './store.ts';
import { temporaryStore } from './temporary-store.ts';

const HOUR_MS = 3_600_000;

/** A store under another root that takes its time, and counts the bytes that are read from it. */
async function slowRemote() {
  const { artifacts, folder } = await temporaryStore();
  const reads: string[] = [];
  const slowed = <Args extends [ArtifactRef, ...unknown[]], Value>(name: string, method: (...args: Args) => Promise<Value>) => {
    return async (...args: Args): Promise<Value> => {
      reads.push(name);
      await delay(5);
      return method(...args);
    };
  };
  const remote: ArtifactStore = {
    ...artifacts,
    get: slowed('get', (ref) => artifacts.get(ref)),
    getShared: slowed('getShared', (ref) => artifacts.getShared(ref)),
    getHead: slowed('getHead', (ref, bytes: number) => artifacts.getHead(ref, bytes)),
    getRange: slowed('getRange', (ref, from: number, bytes: number) => artifacts.getRange(ref, from, bytes)),
  };
  return { remote, reads, folder };
}

async function cacheFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'holdfast-cache-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const bytesOf = (first: number, length = 1000) => Uint8Array.from({ length }, (_, i) => first + i);
const pathOf = (folder: string, ref: ArtifactRef) => join(folder, ref.uri);
const isThere = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
/** As if nobody had used the copy for so long. */
async function age(path: string, ms: number): Promise<void> {
  const time = (Date.now() - ms) / 1000;
  await utimes(path, time, time);
}

describe('a store with copies at hand', () => {
  it('reads a file of a remote store once, however often and in however many ways it is asked for', async () => {
    const { remote, reads } = await slowRemote();
    const ref = await remote.put('public', bytesOf(1));
    const store = createCachedStore(remote, { folder: await cacheFolder(), bytes: 1e6 });
    expect(await Promise.all([store.get(ref), store.get(ref)])).toEqual([bytesOf(1), bytesOf(1)]);
    expect(new Uint8Array(await store.getShared(ref))).toEqual(bytesOf(1));
    expect(await store.getRange(ref, 10, 5)).toEqual(bytesOf(1).subarray(10, 15));
    expect(await store.getHead(ref, 3)).toEqual(bytesOf(1).subarray(0, 3));
    expect(reads).toEqual(['getRange']);
  });

  it('reads what it has stored without asking the remote store, where it lies for everyone else', async () => {
    const { remote, reads } = await slowRemote();
    const store = createCachedStore(remote, { folder: await cacheFolder(), bytes: 1e6 });
    const streamed = await store.putStream('public', [bytesOf(1), bytesOf(2)], () => 7);
    const together = await store.together((files) => files.put('public', bytesOf(3)));
    expect(await store.get(streamed)).toEqual(Uint8Array.from([...bytesOf(1), ...bytesOf(2)]));
    expect(await store.get(together)).toEqual(bytesOf(3));
    expect(reads).toEqual([]);
    const elsewhere = createCachedStore(remote, { folder: await cacheFolder(), bytes: 1e6 });
    expect(await elsewhere.get(together)).toEqual(bytesOf(3));
  });

  it('keeps nothing of what was not stored in the end', async () => {
    const { remote } = await slowRemote();
    const folder = await cacheFolder();
    const store = createCachedStore(remote, { folder, bytes: 1e6 });
    const failing = store.together(async (files) => {
      await files.putStream('public', [bytesOf(1)], () => 0);
      throw new Error('no figures');
    });
    await expect(failing).rejects.toThrow('no figures');
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    expect(entries.filter((entry) => entry.isFile())).toEqual([]);
  });

  it('fetches a copy again that was damaged or removed, and says so where the stored file itself is', async () => {
    const { remote, folder: root } = await slowRemote();
    const ref = await remote.put('public', bytesOf(1));
    const folder = await cacheFolder();
    const store = createCachedStore(remote, { folder, bytes: 1e6 });
    await store.get(ref);
    await truncate(pathOf(folder, ref), 10);
    expect(await store.get(ref)).toEqual(bytesOf(1));
    await rm(pathOf(folder, ref));
    expect(await store.get(ref)).toEqual(bytesOf(1));
    await rm(pathOf(folder, ref));
    await writeFile(join(root, 'public', ref.sha256.slice(0, 2), ref.sha256), bytesOf(9));
    await expect(store.get(ref)).rejects.toMatchObject({ code: 'artifact_damaged' });
    const sha256 = createHash('sha256').update('nothing').digest('hex');
    await expect(store.get({ ...ref, sha256, uri: `public/${sha256}` })).rejects.toMatchObject({ code: 'artifact_missing' });
  });

  it('removes what was not used for the longest time when there is more than the limit', async () => {
    const { remote } = await slowRemote();
    const folder = await cacheFolder();
    const store = createCachedStore(remote, { folder, bytes: 2500 });
    const [old, older, newest] = [await store.put('public', bytesOf(1)), await store.put('public', bytesOf(2)), bytesOf(3)];
    await age(pathOf(folder, old), HOUR_MS);
    await age(pathOf(folder, older), 2 * HOUR_MS);
    const ref = await store.put('public', newest);
    expect(await Promise.all([old, older, ref].map((each) => isThere(pathOf(folder, each))))).toEqual([true, false, true]);
    expect(await store.get(older)).toEqual(bytesOf(2));
  });

  it('removes nothing that is in use, by this process or another one that shares the folder', async () => {
    const { remote } = await slowRemote();
    const folder = await cacheFolder();
    const store = createCachedStore(remote, { folder, bytes: 1500 });
    const used = await store.put('public', bytesOf(1));
    await age(pathOf(folder, used), HOUR_MS);
    const neighbour = createCachedStore(remote, { folder, bytes: 1500 });
    await neighbour.getRange(used, 0, 10);
    const next = await store.put('public', bytesOf(2));
    expect(await Promise.all([used, next].map((each) => isThere(pathOf(folder, each))))).toEqual([true, true]);
  });

  it('reads stretches of a file that is larger than the limit where it lies', async () => {
    const { remote, reads } = await slowRemote();
    const ref = await remote.put('public', bytesOf(1));
    const folder = await cacheFolder();
    const store = createCachedStore(remote, { folder, bytes: 500 });
    expect(await store.getRange(ref, 100, 2)).toEqual(bytesOf(1).subarray(100, 102));
    expect(await isThere(pathOf(folder, ref))).toBe(false);
    expect(reads).toEqual(['getRange']);
  });

  it('keeps the files of owners apart', async () => {
    const { remote } = await slowRemote();
    const store = createCachedStore(remote, { folder: await cacheFolder(), bytes: 1e6 });
    const ref = await store.put('ada', bytesOf(1));
    await expect(store.get({ ...ref, uri: `bob/${ref.sha256}` })).rejects.toMatchObject({ code: 'artifact_missing' });
  });
});
