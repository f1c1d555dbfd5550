import { createHash, randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startObjectStorage, type ObjectStorage } from '../test/rig/object-storage.ts';
import { createS3Bucket } from './bucket.ts';
import { describeArtifactStore, type StoreUnderTest } from './contract.ts';
import { createObjectStore } from './object-store.ts';

let storage: ObjectStorage;
beforeAll(async () => void (storage = await startObjectStorage()));
afterAll(() => storage[Symbol.asyncDispose]());

const bytes = Uint8Array.from([1, 2, 3]);

/** A store on a prefix of its own. */
async function emptyStore(options = {}): Promise<StoreUnderTest & { temporaryFolder: string; bucket: ReturnType<typeof createS3Bucket> }> {
  const temporaryFolder = await mkdtemp(join(tmpdir(), 'holdfast-objects-'));
  onTestFinished(() => rm(temporaryFolder, { recursive: true, force: true }));
  const bucket = createS3Bucket(storage.bucket, `${randomUUID()}/`, { ...storage.options, maxAttempts: 1, ...options });
  const open = () => createObjectStore({ bucket, temporaryFolder });
  return {
    artifacts: open(),
    open,
    temporaryFolder,
    bucket,
    places: async () => {
      const places: string[] = [];
      for await (const { key } of bucket.list()) if (!key.endsWith('.damaged')) places.push(key);
      return places;
    },
    overwrite: (place, content) => (content === null ? bucket.remove(place) : bucket.put(place, content)),
  };
}

describeArtifactStore('A bucket', emptyStore);

describe('a store in a bucket', () => {
  it('keeps no file of this machine once it is sent', async () => {
    const { artifacts, temporaryFolder } = await emptyStore();
    await artifacts.putStream('public', [bytes], () => 0);
    await artifacts.together((files) => files.putStream('public', [bytes, bytes], () => 0));
    expect(await readdir(temporaryFolder)).toEqual([]);
  });

  it('sends an object once, as long as it will be kept anyway', async () => {
    const { artifacts, bucket } = await emptyStore();
    const { sha256 } = await artifacts.put('public', bytes);
    const place = `public/${sha256.slice(0, 2)}/${sha256}`;
    const before = await bucket.stat(place);
    await artifacts.putStream('public', [bytes], () => 0);
    expect(await bucket.stat(place)).toEqual(before);
  });

  it('reads a part of a file that a folder had stored as one', async () => {
    const { artifacts } = await emptyStore();
    const whole = await artifacts.put('public', bytes);
    const part = Uint8Array.from([2, 3]);
    const sha256 = createHash('sha256').update(part).digest('hex');
    const ref = { uri: whole.uri, sha256, bytes: 2, rows: 0, from: 1 };
    expect(await artifacts.get(ref)).toEqual(part);
    expect(await artifacts.getRange(ref, 1, 5)).toEqual(part.subarray(1));
    await expect(artifacts.verify({ ...ref, from: 0 })).rejects.toMatchObject({ message: expect.stringContaining('from byte 0 on') });
    expect(await artifacts.get(whole)).toEqual(bytes);
  });

  it('is unavailable, and no file is missing for good, while the server is away', async () => {
    const { artifacts } = await emptyStore({ endpoint: 'http://127.0.0.1:9' });
    const ref = { uri: `public/${'a'.repeat(64)}`, sha256: 'a'.repeat(64), bytes: 3, rows: 0 };
    const away = { code: 'artifact_unavailable', message: expect.stringContaining('does not answer') };
    await expect(artifacts.get(ref)).rejects.toMatchObject(away);
    await expect(artifacts.put('public', bytes)).rejects.toMatchObject(away);
    await expect(artifacts.resolve('public', 'x')).rejects.toMatchObject(away);
    await expect(artifacts.check()).rejects.toMatchObject(away);
  });

  it('says so when there is no such bucket, or the key is not known', async () => {
    const temporaryFolder = tmpdir();
    const elsewhere = createObjectStore({ bucket: createS3Bucket('no-such-bucket', '', storage.options), temporaryFolder });
    await expect(elsewhere.check()).rejects.toMatchObject({
      code: 'artifact_unavailable',
      message: expect.stringContaining('no such bucket'),
    });
    const { artifacts } = await emptyStore({ credentials: { accessKeyId: 'unknown', secretAccessKey: 'x' } });
    await expect(artifacts.check()).rejects.toMatchObject({
      code: 'artifact_unavailable',
      message: expect.stringContaining('ACCESS_KEY_ID'),
    });
  });

  it('gives addresses at which a file can be fetched for a while, under a name', async () => {
    const { artifacts } = await emptyStore();
    const ref = await artifacts.put('alice', bytes);
    const url = await artifacts.signedUrl(ref, { seconds: 60, fileName: 'trades.arrow' });
    const answer = await fetch(url!);
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="trades.arrow"');
    expect(new Uint8Array(await answer.arrayBuffer())).toEqual(bytes);
    expect(new URL(url!).searchParams.get('X-Amz-Expires')).toBe('60');
    const stale = new URL(url!);
    stale.searchParams.set('X-Amz-Date', '20200101T000000Z');
    expect((await fetch(stale)).status).toBe(403);
  });
});

it('reads a part of an object without the rest', async () => {
  const { bucket } = await emptyStore();
  await bucket.put('x', bytes);
  expect(await buffer(await bucket.read('x', { from: 1, bytes: 1 }))).toEqual(Buffer.from([2]));
});
