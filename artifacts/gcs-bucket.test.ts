import { createHash, createVerify, generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { BucketDouble } from '../test/files/bucket-double.ts';
import { startGcsDouble } from '../test/files/gcs-double.ts';
import { describeArtifactStore, type StoreUnderTest } from './contract.ts';
import { createGcsBucket } from './gcs-bucket.ts';
import { createObjectStore } from './object-store.ts';
import { openArtifacts } from './open-artifacts.ts';

let double: BucketDouble;
beforeAll(async () => void (double = await startGcsDouble()));
afterAll(() => double[Symbol.asyncDispose]());

async function emptyStore(): Promise<StoreUnderTest & { bucket: ReturnType<typeof createGcsBucket> }> {
  const temporaryFolder = await mkdtemp(join(tmpdir(), 'holdfast-gcs-'));
  onTestFinished(() => rm(temporaryFolder, { recursive: true, force: true }));
  const bucket = createGcsBucket('bars', `${randomUUID()}/`, { endpoint: double.endpoint });
  const open = () => createObjectStore({ bucket, temporaryFolder });
  return {
    artifacts: open(),
    open,
    bucket,
    places: async () => {
      const places: string[] = [];
      for await (const { key } of bucket.list()) if (!key.endsWith('.damaged')) places.push(key);
      return places;
    },
    overwrite: (place, content) => (content === null ? bucket.remove(place) : bucket.put(place, content)),
  };
}

describeArtifactStore('A bucket of Google Cloud Storage', emptyStore);

describe('a bucket of Google Cloud Storage', () => {
  it('makes the time of an object new', async () => {
    const { bucket } = await emptyStore();
    await bucket.put('x', Uint8Array.from([1]));
    const before = (await bucket.stat('x'))!;
    while (Date.now() === before.modifiedAt);
    await bucket.renew('x');
    expect((await bucket.stat('x'))!.modifiedAt).toBeGreaterThan(before.modifiedAt);
  });

  it('says what to do when there is no such bucket, and is unavailable while the server is away', async () => {
    const temporaryFolder = tmpdir();
    const at = (name: string, endpoint: string) => createObjectStore({ bucket: createGcsBucket(name, '', { endpoint }), temporaryFolder });
    const gone = { code: 'artifact_unavailable', message: expect.stringContaining('no such bucket') };
    await expect(at('other', double.endpoint).check()).rejects.toMatchObject(gone);
    await expect(at('bars', 'http://127.0.0.1:9').check()).rejects.toMatchObject({ code: 'artifact_unavailable' });
  });

  it('is what HOLDFAST_ARTIFACTS names with gs:', async () => {
    const home = await mkdtemp(join(tmpdir(), 'holdfast-gcs-'));
    onTestFinished(() => rm(home, { recursive: true, force: true }));
    const { artifacts } = openArtifacts(home, {
      address: 'gs://bars/some/where',
      cacheMb: 1,
      env: { STORAGE_EMULATOR_HOST: double.endpoint },
    });
    const { sha256 } = await artifacts.put('alice', Uint8Array.from([1, 2]));
    const stored = await createGcsBucket('bars', 'some/where/', { endpoint: double.endpoint }).stat(
      `alice/${sha256.slice(0, 2)}/${sha256}`,
    );
    expect(stored).toMatchObject({ bytes: 2 });
  });

  it('gives addresses that its account has signed, for a while and under a name', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'holdfast-gcs-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const account = 'files@project.iam.gserviceaccount.com';
    const key = { type: 'service_account', client_email: account, private_key: privateKey.export({ type: 'pkcs8', format: 'pem' }) };
    const keyFile = join(folder, 'key.json');
    await writeFile(keyFile, JSON.stringify(key));
    const bucket = createGcsBucket('bars', 'a b/', { keyFile });
    const url = new URL(await bucket.signedUrl('x', { seconds: 60, fileName: 'trades.arrow' }));
    expect(url.origin + url.pathname).toBe('https://storage.googleapis.com/bars/a%20b/x');
    const [query, signature] = url.search.slice(1).split('&X-Goog-Signature=') as [string, string];
    expect(url.searchParams.get('X-Goog-Expires')).toBe('60');
    expect(url.searchParams.get('X-Goog-Credential')).toMatch(`${account}/`);
    const canonical = `GET\n${url.pathname}\n${query}\nhost:storage.googleapis.com\n\nhost\nUNSIGNED-PAYLOAD`;
    const time = url.searchParams.get('X-Goog-Date')!;
    const digest = createHash('sha256').update(canonical).digest('hex');
    const signed = `GOOG4-RSA-SHA256\n${time}\n${time.slice(0, 8)}/auto/storage/goog4_request\n${digest}`;
    expect(createVerify('RSA-SHA256').update(signed).verify(publicKey, signature, 'hex')).toBe(true);
  });
});
