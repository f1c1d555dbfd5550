import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startObjectStorage, type ObjectStorage } from '../test/rig/object-storage.ts';
import type { ArtifactRef } from '../shared/artifact.ts';
import { createS3Bucket, type Bucket } from './bucket.ts';
import { collectGarbage } from './collect-garbage.ts';
import { GRACE_MS } from './grace.ts';
import { createObjectStore } from './object-store.ts';
import { contentPlace } from './paths.ts';
import { createBucketFiles, createFolderFiles, type StoredFiles } from './stored-files.ts';
import type { ArtifactStore } from './store.ts';
import { temporaryStore } from './temporary-store.ts';

let storage: ObjectStorage;
beforeAll(async () => void (storage = await startObjectStorage()));
afterAll(() => storage[Symbol.asyncDispose]());

const bytesOf = (digit: number) => Uint8Array.from([digit]);
const past = (now: number) => now + GRACE_MS + 60_000;

async function* refs(...named: ArtifactRef[]) {
  yield* named;
}

async function folder(): Promise<{ artifacts: ArtifactStore; files: StoredFiles }> {
  const { folder: root, artifacts } = await temporaryStore();
  return { artifacts, files: createFolderFiles(root) };
}

async function bucket(): Promise<{ artifacts: ArtifactStore; files: StoredFiles }> {
  const temporaryFolder = await mkdtemp(join(tmpdir(), 'holdfast-objects-'));
  onTestFinished(() => rm(temporaryFolder, { recursive: true, force: true }));
  const own = createS3Bucket(storage.bucket, `${randomUUID()}/`, storage.options);
  return { artifacts: createObjectStore({ bucket: own, temporaryFolder }), files: createBucketFiles(own) };
}

describe.each([
  ['a folder', folder],
  ['a bucket', bucket],
])('collecting garbage in %s', (_, open) => {
  it('removes what nothing names once the grace is over, and nothing else', async () => {
    const { artifacts, files } = await open();
    const [named, unnamed, parts] = [
      await artifacts.put('alice', bytesOf(1)),
      await artifacts.put('alice', bytesOf(2)),
      await artifacts.asOneFile('public', (one) => Promise.all([one.put('public', bytesOf(3)), one.put('public', bytesOf(4))])),
    ];
    await artifacts.link('public', 'datasets/x', unnamed);
    const now = Date.now();
    expect(await collectGarbage(files, refs(named, ...parts), now)).toMatchObject({ young: 1, removed: 0 });
    expect(await collectGarbage(files, refs(named, ...parts), past(now))).toMatchObject({ young: 0, removed: 1 });
    expect(await artifacts.get(named)).toEqual(bytesOf(1));
    expect(await Promise.all(parts.map((part) => artifacts.get(part)))).toEqual([bytesOf(3), bytesOf(4)]);
    await expect(artifacts.get(unnamed)).rejects.toMatchObject({ code: 'artifact_missing' });
    expect(await artifacts.resolve('public', 'datasets/x')).toBeNull();
  });

  it('removes nothing when not all that is named could be read', async () => {
    const { artifacts, files } = await open();
    const ref = await artifacts.put('alice', bytesOf(1));
    async function* broken() {
      yield* [] as ArtifactRef[];
      throw new Error('the rows are away');
    }
    await expect(collectGarbage(files, broken(), past(Date.now()))).rejects.toThrow('the rows are away');
    await artifacts.verify(ref);
  });

  it('leaves a file whose time was made new since it was looked at', async () => {
    const { artifacts, files } = await open();
    const ref = await artifacts.put('alice', bytesOf(1));
    expect(await files.remove(contentPlace(ref), Date.now() - 60_000)).toBe(false);
    await artifacts.verify(ref);
  });
});

describe('a file in a folder that was stored long ago', () => {
  const old = async () => {
    const store = await temporaryStore();
    const ref = await store.artifacts.put('public', bytesOf(1));
    await store.artifacts.link('public', 'datasets/x', ref);
    const path = join(store.folder, contentPlace(ref));
    const long = (Date.now() - 2 * GRACE_MS) / 1_000;
    await utimes(path, long, long);
    return { ...store, ref, path, files: createFolderFiles(store.folder) };
  };

  it.each([
    ['the same bytes are stored again', ({ artifacts }: Awaited<ReturnType<typeof old>>) => artifacts.put('public', bytesOf(1))],
    ['a link leads to it', ({ artifacts }: Awaited<ReturnType<typeof old>>) => artifacts.resolve('public', 'datasets/x')],
  ])('is as new when %s', async (_, use) => {
    const store = await old();
    expect(await use(store)).toEqual(store.ref);
    expect(Date.now() - (await stat(store.path)).mtimeMs).toBeLessThan(GRACE_MS);
    expect(await collectGarbage(store.files, refs(), Date.now())).toMatchObject({ young: 1, removed: 0 });
  });

  it('is as new when the same parts of it are stored again', async () => {
    const store = await temporaryStore();
    const inOneFile = () =>
      store.artifacts.asOneFile('public', (parts) => Promise.all([parts.put('public', bytesOf(1)), parts.put('public', bytesOf(2))]));
    const [part] = await inOneFile();
    const path = join(store.folder, contentPlace(part!));
    const long = (Date.now() - 2 * GRACE_MS) / 1_000;
    await utimes(path, long, long);
    await inOneFile();
    expect(await collectGarbage(createFolderFiles(store.folder), refs(), Date.now())).toMatchObject({ young: 1, removed: 0 });
  });

  it('goes with what was damaged and set aside, and leaves other files alone', async () => {
    const store = await old();
    const beside = join(store.folder, 'public', 'notes.txt');
    await writeFile(beside, 'mine');
    await writeFile(`${store.path}.damaged`, 'x');
    const long = (Date.now() - 2 * GRACE_MS) / 1_000;
    await Promise.all([beside, `${store.path}.damaged`].map((path) => utimes(path, long, long)));
    expect(await collectGarbage(store.files, refs(), Date.now())).toMatchObject({ removed: 2 });
    expect(await readdir(join(store.folder, 'public'))).toContain('notes.txt');
  });
});

it('an object that was stored long ago is renewed when the same bytes are stored again, and when a link leads to it', async () => {
  const own = createS3Bucket(storage.bucket, `${randomUUID()}/`, storage.options);
  const renewed: string[] = [];
  const aged: Bucket = {
    ...own,
    stat: async (key) => {
      const known = await own.stat(key);
      return known && { ...known, modifiedAt: Date.now() - GRACE_MS };
    },
    // The server of the tests copies an object onto itself without a new time.
    renew: async (key) => {
      await own.renew(key);
      renewed.push(key);
    },
  };
  const artifacts = createObjectStore({ bucket: aged, temporaryFolder: tmpdir() });
  const ref = await artifacts.put('public', bytesOf(1));
  await artifacts.link('public', 'datasets/x', ref);
  expect(renewed).toEqual([]);
  await artifacts.put('public', bytesOf(1));
  expect(await artifacts.resolve('public', 'datasets/x')).toEqual(ref);
  expect(renewed).toEqual([contentPlace(ref), contentPlace(ref)]);
  expect(await artifacts.get(ref)).toEqual(bytesOf(1));
});
