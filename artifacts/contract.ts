import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ArtifactRef } from '../shared/artifact.ts';
import type { ArtifactStore } from './store.ts';

/** An empty store for one test, and a look at what lies in it. */
export interface StoreUnderTest {
  artifacts: ArtifactStore;
  /** Another one on the same files, as another process has it. */
  open(): ArtifactStore;
  /** Where files and links lie now: `public/74/74f8…`. */
  places(): Promise<string[]>;
  /** Puts other bytes at a place, or none (null): what a fault does. */
  overwrite(place: string, bytes: Uint8Array | null): Promise<void>;
}

type Create = () => Promise<StoreUnderTest>;

const bytes = Uint8Array.from([1, 2, 3, 4, 5]);
const sha256 = createHash('sha256').update(bytes).digest('hex');
const place = `public/${sha256.slice(0, 2)}/${sha256}`;

/** The behaviour of every `ArtifactStore`: registers its tests, each on an empty store. */
export function describeArtifactStore(name: string, create: Create): void {
  describe(`${name} as an artifact store`, () => {
    describeFiles(create);
    describeReading(create);
    describeFaults(create);
    describeLinks(create);
    describeScopes(create);
  });
}

function describeFiles(create: Create): void {
  it('keeps a file below its scope under the hash of its content', async () => {
    const store = await create();
    const ref = await store.artifacts.put('public', bytes, 7);
    expect(ref).toEqual({ uri: `public/${sha256}`, sha256, bytes: 5, rows: 7 });
    expect(await store.places()).toEqual([place]);
    expect(await store.open().get(ref)).toEqual(bytes);
    await store.artifacts.verify(ref);
  });

  it('gives the same bytes the same address, whether they came in one piece or in parts', async () => {
    const store = await create();
    let rows = 0;
    async function* parts() {
      yield bytes.subarray(0, 2);
      rows = 7;
      yield bytes.subarray(2);
    }
    const streamed = await store.artifacts.putStream('public', parts(), () => rows);
    expect(streamed).toEqual(await store.artifacts.put('public', bytes, 7));
    expect(await store.places()).toHaveLength(1);
  });

  it('stores what is put together at its end, and nothing of it when that fails', async () => {
    const store = await create();
    const memory = Uint8Array.from([9]);
    const refs = await store.artifacts.together(async (files) => {
      const written = await Promise.all([
        files.put('public', bytes),
        files.put('public', memory),
        files.putStream('public', [bytes], () => 0),
      ]);
      memory[0] = 8; // whoever gave bytes may use their memory again
      expect((await store.places()).filter((each) => each.startsWith('public'))).toEqual([]);
      return written;
    });
    expect(refs[2]).toEqual(refs[0]);
    expect(await Promise.all(refs.map((ref) => store.artifacts.get(ref)))).toEqual([bytes, Uint8Array.from([9]), bytes]);
    const failing = store.artifacts.together(async (files) => {
      await files.put('public', Uint8Array.from([7]));
      void files.put('public', Uint8Array.from([8])).catch(() => undefined); // still under way when the work fails
      throw new Error('no figures');
    });
    await expect(failing).rejects.toThrow('no figures');
    expect(await store.places()).toHaveLength(2);
  });

  it('lets two writers of the same content finish', async () => {
    const store = await create();
    const other = store.open();
    const refs = await Promise.all([store.artifacts, other, store.artifacts, other].map((one) => one.put('public', bytes)));
    expect(new Set(refs.map((ref) => ref.uri)).size).toBe(1);
    expect(await store.places()).toHaveLength(1);
  });

  it('says that it can be written to', async () => {
    await (await create()).artifacts.check();
  });
}

function describeReading(create: Create): void {
  it('reads into memory that threads can share', async () => {
    const store = await create();
    const large = new Uint8Array(9_000_000).fill(3); // longer than two parts of a read
    const shared = await store.artifacts.getShared(await store.artifacts.put('public', large));
    expect(shared.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(Buffer.compare(shared, large)).toBe(0);
    expect(Buffer.compare(await store.artifacts.get(await store.artifacts.put('alice', shared)), large)).toBe(0);
  });

  it('gives back each part of what is stored as one file', async () => {
    const store = await create();
    const parts = [bytes, Uint8Array.from([6, 7]), new Uint8Array()];
    const refs = await store.artifacts.asOneFile('public', (one) =>
      Promise.all([one.put('public', parts[0]!, 2), one.putStream('public', [parts[1]!], () => 3), one.put('public', parts[2]!)]),
    );
    expect(refs.map(({ rows }) => rows)).toEqual([2, 3, 0]);
    for (const [index, ref] of refs.entries()) {
      expect(await store.open().get(ref)).toEqual(parts[index]);
      expect(await store.artifacts.getRange(ref, 1, 9)).toEqual(parts[index]!.subarray(1));
      await store.artifacts.verify(ref);
    }
  });

  it('stores and reads an empty file', async () => {
    const { artifacts } = await create();
    expect(await artifacts.get(await artifacts.put('public', new Uint8Array()))).toHaveLength(0);
    expect(await artifacts.get(await artifacts.putStream('alice', [], () => 0))).toHaveLength(0);
  });

  it('reads a part of a file, and less where it ends', async () => {
    const { artifacts } = await create();
    const ref = await artifacts.put('public', bytes);
    expect(await artifacts.getHead(ref, 3)).toEqual(bytes.subarray(0, 3));
    expect(await artifacts.getHead(ref, 100)).toEqual(bytes);
    expect(await artifacts.getRange(ref, 3, 100)).toEqual(bytes.subarray(3));
    expect(await artifacts.getRange(ref, 1, 2)).toEqual(bytes.subarray(1, 3));
    expect(await artifacts.getRange(ref, 5, 2)).toHaveLength(0);
  });

  it('passes the error of a source on, and leaves nothing behind', async () => {
    const store = await create();
    async function* broken() {
      yield bytes;
      throw new Error('the source broke');
    }
    await expect(store.artifacts.putStream('public', broken(), () => 0)).rejects.toThrow('the source broke');
    expect(await store.places()).toEqual([]);
  });
}

function describeFaults(create: Create): void {
  it('reports a file as missing', async () => {
    const { artifacts } = await create();
    const ref: ArtifactRef = { uri: `public/${sha256}`, sha256, bytes: 5, rows: 0 };
    const reads = [() => artifacts.get(ref), () => artifacts.getShared(ref), () => artifacts.getHead(ref, 1), () => artifacts.verify(ref)];
    for (const read of reads) {
      await expect(read()).rejects.toMatchObject({ code: 'artifact_missing', message: expect.stringContaining('is missing') });
    }
  });

  it('reports a file as damaged when a byte changed, and when its end is gone or more came after it', async () => {
    const store = await create();
    const ref = await store.artifacts.put('public', bytes);
    for (const content of [[1, 2, 3, 4, 6], [1, 2, 3], [], [1, 2, 3, 4, 5, 6]]) {
      for (const read of ['get', 'getShared', 'verify'] as const) {
        await store.overwrite(place, Uint8Array.from(content));
        await expect(store.artifacts[read](ref), read).rejects.toMatchObject({ code: 'artifact_damaged' });
      }
    }
  });

  it('sets a damaged file aside, so that the right bytes can be stored again', async () => {
    const store = await create();
    const ref = await store.artifacts.put('public', bytes);
    await store.overwrite(place, Uint8Array.from([1, 2, 3, 4, 6]));
    await expect(store.artifacts.get(ref)).rejects.toMatchObject({ code: 'artifact_damaged' });
    await store.artifacts.put('public', bytes);
    expect(await store.artifacts.get(ref)).toEqual(bytes);
  });

  it('repairs a file that was cut off when its content is stored again', async () => {
    const store = await create();
    const ref = await store.artifacts.put('public', bytes);
    await store.overwrite(place, bytes.subarray(0, 2));
    await store.artifacts.put('public', bytes);
    expect(await store.artifacts.get(ref)).toEqual(bytes);
  });
}

function describeLinks(create: Create): void {
  it('finds a file by a link within a scope, the last one winning', async () => {
    const store = await create();
    const [first, second] = [await store.artifacts.put('public', bytes), await store.artifacts.put('public', bytes.subarray(1))];
    await store.artifacts.link('public', 'datasets/abc', first);
    await store.artifacts.link('public', 'datasets/abc', second);
    expect(await store.open().resolve('public', 'datasets/abc')).toEqual(second);
    expect(await store.artifacts.resolve('alice', 'datasets/abc')).toBeNull();
    expect(await store.artifacts.resolve('public', 'datasets/other')).toBeNull();
  });

  it('takes a link as absent when the file it names is gone, so that it is made again', async () => {
    const store = await create();
    await store.artifacts.link('public', 'datasets/abc', await store.artifacts.put('public', bytes));
    await store.overwrite(place, null);
    expect(await store.artifacts.resolve('public', 'datasets/abc')).toBeNull();
  });

  it.each(['../x', 'a/../b', '/x', 'a//b', 'a.json', 'A', '', 'a\0'])('refuses the name %j for a link', async (name) => {
    const { artifacts } = await create();
    const ref = await artifacts.put('public', bytes);
    await expect(artifacts.link('public', name, ref)).rejects.toThrow(RangeError);
    await expect(artifacts.resolve('public', name)).rejects.toThrow(RangeError);
  });
}

function describeScopes(create: Create): void {
  it.each(['..', '.', '../public', 'a/b', 'Alice', 'ümlaut', 'a\\b', '.tmp', 'auth0|5f7c', 'a%2e', '\0'])(
    'keeps the files of the scope %j in one place of their own',
    async (scope) => {
      const store = await create();
      const ref = await store.artifacts.put(scope, bytes);
      const [folder, , name] = (await store.places())[0]!.split('/');
      expect(folder).toMatch(/^[a-z0-9_%-]+$/);
      expect(name).toBe(sha256);
      expect(ref.uri).toBe(`${folder}/${sha256}`);
      expect(await store.artifacts.get(ref)).toEqual(bytes);
    },
  );

  it('tells scopes apart where case is ignored', async () => {
    const { artifacts } = await create();
    const refs = await Promise.all(['bob', 'Bob', 'BOB', '%42ob'].map((scope) => artifacts.put(scope, bytes)));
    expect(new Set(refs.map((ref) => ref.uri.toLowerCase())).size).toBe(4);
  });

  it('refuses an empty scope, and a reference that leads elsewhere', async () => {
    const { artifacts } = await create();
    await expect(artifacts.put('', bytes)).rejects.toThrow(RangeError);
    for (const uri of [`../${sha256}`, `x/../${sha256}`, sha256, `/${sha256}`, `public/${'0'.repeat(64)}`]) {
      await expect(artifacts.get({ uri, sha256, bytes: 5, rows: 0 })).rejects.toThrow(RangeError);
    }
  });
}
