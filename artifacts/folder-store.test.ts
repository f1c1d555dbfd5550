import { createHash } from 'node:crypto';
import { mkdir, rename, readdir, readFile, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ArtifactRef } from '../shared/artifact.ts';
import { createFolderStore } from './folder-store.ts';
import { temporaryStore } from './temporary-store.ts';

const bytes = Uint8Array.from([1, 2, 3, 4, 5]);
const sha256 = createHash('sha256').update(bytes).digest('hex');

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

describe('a store in a folder', () => {
  it('keeps a file below its scope under the hash of its content', async () => {
    const store = await temporaryStore();
    const ref = await store.artifacts.put('public', bytes, 7);
    expect(ref).toEqual({ uri: `public/${sha256}`, sha256, bytes: 5, rows: 7 });
    expect(await filesBelow(store.folder)).toEqual([join('public', sha256.slice(0, 2), sha256)]);
    expect(await store.artifacts.get(ref)).toEqual(bytes);
  });

  it('gives the same bytes the same address, whether they came in one piece or in parts', async () => {
    const store = await temporaryStore();
    let rows = 0;
    async function* parts() {
      yield bytes.subarray(0, 2);
      rows = 7;
      yield bytes.subarray(2);
    }
    const streamed = await store.artifacts.putStream('public', parts(), () => rows);
    expect(streamed).toEqual(await store.artifacts.put('public', bytes, 7));
    expect(await filesBelow(store.folder)).toHaveLength(1);
  });

  it('does not write again what is there', async () => {
    const store = await temporaryStore();
    const ref = await store.artifacts.put('public', bytes);
    const path = join(store.folder, 'public', sha256.slice(0, 2), sha256);
    const before = await stat(path);
    await store.artifacts.put('public', bytes);
    await store.artifacts.putStream('public', [bytes], () => 0);
    expect((await stat(path)).ino).toBe(before.ino);
    expect(await store.artifacts.get(ref)).toEqual(bytes);
  });

  it('stores what is put together at its end, and nothing of it when that fails', async () => {
    const store = await temporaryStore();
    const other = Uint8Array.from([9]);
    const refs = await store.artifacts.together(async (files) => {
      const written = await Promise.all([
        files.put('public', bytes),
        files.put('public', other),
        files.putStream('public', [bytes], () => 0),
      ]);
      expect(await filesBelow(join(store.folder, 'public')).catch(() => [])).toEqual([]);
      return written;
    });
    expect(refs[2]).toEqual(refs[0]);
    expect(await Promise.all(refs.map((ref) => store.artifacts.get(ref)))).toEqual([bytes, other, bytes]);
    const failing = store.artifacts.together(async (files) => {
      await files.put('public', Uint8Array.from([7]));
      void files.put('public', Uint8Array.from([8])).catch(() => undefined); // still under way when the work fails
      throw new Error('no figures');
    });
    await expect(failing).rejects.toThrow('no figures');
    expect(await filesBelow(store.folder)).toHaveLength(2);
  });

  it('repairs a file that was cut off when its content is stored again', async () => {
    const store = await temporaryStore();
    const ref = await store.artifacts.put('public', bytes);
    await truncate(join(store.folder, 'public', sha256.slice(0, 2), sha256), 2);
    await store.artifacts.put('public', bytes);
    expect(await store.artifacts.get(ref)).toEqual(bytes);
  });

  it('reads into memory that threads can share', async () => {
    const store = await temporaryStore();
    const large = new Uint8Array(9_000_000).fill(3); // longer than two parts of a read
    const shared = await store.artifacts.getShared(await store.artifacts.put('public', large));
    expect(shared.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(Buffer.compare(shared, large)).toBe(0);
  });

  it('stores and reads an empty file', async () => {
    const store = await temporaryStore();
    expect(await store.artifacts.get(await store.artifacts.put('public', new Uint8Array()))).toHaveLength(0);
  });

  it('reads the first bytes of a file, and fewer of a shorter one', async () => {
    const store = await temporaryStore();
    const ref = await store.artifacts.put('public', bytes);
    expect(await store.artifacts.getHead(ref, 3)).toEqual(bytes.subarray(0, 3));
    expect(await store.artifacts.getHead(ref, 100)).toEqual(bytes);
  });

  it('lets two writers of the same content finish', async () => {
    const store = await temporaryStore();
    const other = createFolderStore({ folder: store.folder });
    const refs = await Promise.all([store.artifacts, other, store.artifacts, other].map((one) => one.put('public', bytes)));
    expect(new Set(refs.map((ref) => ref.uri)).size).toBe(1);
    expect(await filesBelow(store.folder)).toHaveLength(1);
  });
});

describe('a file that is not as it should be', () => {
  it('is reported as missing', async () => {
    const store = await temporaryStore();
    const ref: ArtifactRef = { uri: `public/${sha256}`, sha256, bytes: 5, rows: 0 };
    const { artifacts } = store;
    for (const read of [() => artifacts.get(ref), () => artifacts.getShared(ref), () => artifacts.getHead(ref, 1)]) {
      await expect(read()).rejects.toMatchObject({ code: 'artifact_missing', message: expect.stringContaining('is missing') });
    }
  });

  it('is reported as damaged when a byte changed or the end is gone', async () => {
    const store = await temporaryStore();
    const ref = await store.artifacts.put('public', bytes);
    const path = join(store.folder, 'public', sha256.slice(0, 2), sha256);
    for (const content of [
      [1, 2, 3, 4, 6],
      [1, 2, 3],
      [1, 2, 3, 4, 5, 6],
    ]) {
      await writeFile(path, Uint8Array.from(content));
      await expect(store.artifacts.get(ref)).rejects.toMatchObject({ code: 'artifact_damaged' });
      await writeFile(path, Uint8Array.from(content));
      await expect(store.artifacts.getShared(ref)).rejects.toMatchObject({ code: 'artifact_damaged' });
    }
  });

  it('is set aside once its damage was seen, so that the right bytes can be stored again', async () => {
    const store = await temporaryStore();
    const ref = await store.artifacts.put('public', bytes);
    await writeFile(join(store.folder, 'public', sha256.slice(0, 2), sha256), Uint8Array.from([1, 2, 3, 4, 6]));
    await expect(store.artifacts.get(ref)).rejects.toMatchObject({ code: 'artifact_damaged' });
    await store.artifacts.put('public', bytes);
    expect(await store.artifacts.get(ref)).toEqual(bytes);
  });
});

describe('a file of several parts', () => {
  const one = bytes;
  const two = Uint8Array.from([6, 7, 8]);
  const inOneFile = (store: Awaited<ReturnType<typeof temporaryStore>>) =>
    store.artifacts.asOneFile('public', (parts) =>
      Promise.all([parts.put('public', one, 2), parts.putStream('public', [two.subarray(0, 1), two.subarray(1)], () => 3)]),
    );
  const fileOf = (folder: string, { uri }: ArtifactRef): string => {
    const [scope, name] = uri.split('/') as [string, string];
    return join(folder, scope, name.slice(0, 2), name);
  };

  it('has them in the order in which they were put, each with an address and a hash of its own', async () => {
    const store = await temporaryStore();
    const [first, second] = await inOneFile(store);
    const whole = createHash('sha256').update(one).update(two).digest('hex');
    expect(first).toEqual({ uri: `public/${whole}`, sha256, bytes: 5, rows: 2, from: 0 });
    expect(second).toEqual({ uri: `public/${whole}`, sha256: createHash('sha256').update(two).digest('hex'), bytes: 3, rows: 3, from: 5 });
    expect(await filesBelow(store.folder)).toEqual([join('public', whole.slice(0, 2), whole)]);
    expect(await store.artifacts.get(first!)).toEqual(one);
    expect(await store.artifacts.getShared(second!)).toEqual(two);
    expect(await store.artifacts.getHead(second!, 2)).toEqual(two.subarray(0, 2));
    expect(await store.artifacts.getRange(second!, 1, 2)).toEqual(two.subarray(1));
  });

  it('is the same file when the same parts are stored again, and is not written', async () => {
    const store = await temporaryStore();
    const refs = await inOneFile(store);
    const before = await stat(fileOf(store.folder, refs[0]!));
    expect(await inOneFile(store)).toEqual(refs);
    expect((await stat(fileOf(store.folder, refs[0]!))).ino).toBe(before.ino);
  });

  it('still gives the other parts when one is damaged, and is whole again when they are stored anew', async () => {
    const store = await temporaryStore();
    const [first, second] = await inOneFile(store);
    await writeFile(fileOf(store.folder, first!), Uint8Array.from([...one, 6, 7, 9]));
    await expect(store.artifacts.verify(second!)).rejects.toMatchObject({ code: 'artifact_damaged' });
    await expect(store.artifacts.get(second!)).rejects.toMatchObject({ message: expect.stringContaining('from byte 5 on') });
    expect(await store.artifacts.get(first!)).toEqual(one);
    await inOneFile(store);
    expect(await store.artifacts.get(second!)).toEqual(two);
  });

  it('is not there at all when a part fails', async () => {
    const store = await temporaryStore();
    const failing = store.artifacts.asOneFile('public', async (parts) => {
      await parts.put('public', one);
      throw new Error('no figures');
    });
    await expect(failing).rejects.toThrow('no figures');
    expect(await filesBelow(store.folder)).toEqual([]);
  });
});

describe('a store whose folder is away', () => {
  it('says so and puts no new folder in its place', async () => {
    const store = await temporaryStore();
    const ref = await store.artifacts.put('public', bytes);
    await rename(store.folder, `${store.folder}-away`);
    const away = { code: 'artifact_unavailable', message: expect.stringContaining('is not there') };
    await expect(store.artifacts.get(ref)).rejects.toMatchObject(away);
    await expect(store.artifacts.put('public', bytes)).rejects.toMatchObject(away);
    await expect(store.artifacts.check()).rejects.toMatchObject(away);
    await rename(`${store.folder}-away`, store.folder);
    expect(await store.artifacts.get(ref)).toEqual(bytes);
  });
});

describe('a write that fails', () => {
  it('leaves nothing behind and passes the error of its source on', async () => {
    const store = await temporaryStore();
    async function* broken() {
      yield bytes;
      throw new Error('the source broke');
    }
    await expect(store.artifacts.putStream('public', broken(), () => 0)).rejects.toThrow('the source broke');
    expect(await filesBelow(store.folder)).toEqual([]);
  });

  it('is reported as artifact_unavailable with the code of the operating system', async () => {
    const store = await temporaryStore();
    const file = join(store.folder, 'file');
    await writeFile(file, '');
    const artifacts = createFolderStore({ folder: join(file, 'below') });
    const expected = { code: 'artifact_unavailable', message: expect.stringContaining('ENOTDIR') };
    await expect(artifacts.put('public', bytes)).rejects.toMatchObject(expected);
    await expect(artifacts.check()).rejects.toMatchObject(expected);
  });

  it('leaves nothing behind when its last step, the move, fails', async () => {
    const store = await temporaryStore();
    await mkdir(join(store.folder, 'public', sha256.slice(0, 2), sha256, 'in the way'), { recursive: true });
    await expect(store.artifacts.put('public', bytes)).rejects.toMatchObject({ code: 'artifact_unavailable' });
    expect(await filesBelow(store.folder)).toEqual([]);
  });
});

describe('check', () => {
  it('passes while files can be written, and leaves none', async () => {
    const store = await temporaryStore();
    await store.artifacts.check();
    expect(await filesBelow(store.folder)).toEqual([]);
  });

  it('removes what a killed process left a day ago, and nothing younger', async () => {
    const store = await temporaryStore();
    await store.artifacts.check();
    const [old, young] = [join(store.folder, '.tmp', 'old'), join(store.folder, '.tmp', 'young')];
    await Promise.all([writeFile(old, 'x'), writeFile(young, 'x')]);
    const yesterday = Date.now() / 1000 - 25 * 3600;
    await utimes(old, yesterday, yesterday);
    await store.artifacts.check();
    expect(await filesBelow(store.folder)).toEqual([join('.tmp', 'young')]);
  });
});

describe('links', () => {
  it('name a file within a scope, the last one winning', async () => {
    const store = await temporaryStore();
    const [first, second] = [await store.artifacts.put('public', bytes), await store.artifacts.put('public', bytes.subarray(1))];
    await store.artifacts.link('public', 'datasets/abc', first);
    await store.artifacts.link('public', 'datasets/abc', second);
    expect(await store.artifacts.resolve('public', 'datasets/abc')).toEqual(second);
    expect(await store.artifacts.resolve('alice', 'datasets/abc')).toBeNull();
    expect(await store.artifacts.resolve('public', 'datasets/other')).toBeNull();
  });

  it('count as absent when the file they name is gone, so that it is made again', async () => {
    const store = await temporaryStore();
    await store.artifacts.link('public', 'datasets/abc', await store.artifacts.put('public', bytes));
    await rm(join(store.folder, 'public', sha256.slice(0, 2)), { recursive: true });
    expect(await store.artifacts.resolve('public', 'datasets/abc')).toBeNull();
  });

  it.each(['../x', 'a/../b', '/x', 'a//b', 'a.json', 'A', '', 'a\0'])('refuse the name %j', async (name) => {
    const store = await temporaryStore();
    const ref = await store.artifacts.put('public', bytes);
    await expect(store.artifacts.link('public', name, ref)).rejects.toThrow(RangeError);
    await expect(store.artifacts.resolve('public', name)).rejects.toThrow(RangeError);
  });
});

describe('scopes', () => {
  it.each(['..', '.', '../public', 'a/b', 'Alice', 'ümlaut', 'a\\b', '.tmp', 'auth0|5f7c', 'a%2e', '\0'])(
    'keep the files of %j in one folder of their own',
    async (scope) => {
      const store = await temporaryStore();
      const ref = await store.artifacts.put(scope, bytes);
      const [file] = await filesBelow(store.folder);
      expect(dirname(dirname(file!))).toMatch(/^[a-z0-9_%-]+$/);
      expect(ref.uri).toBe(`${dirname(dirname(file!))}/${sha256}`);
      expect(await store.artifacts.get(ref)).toEqual(bytes);
    },
  );

  it('are told apart where the file system ignores case', async () => {
    const store = await temporaryStore();
    const refs = await Promise.all(['bob', 'Bob', 'BOB', '%42ob'].map((scope) => store.artifacts.put(scope, bytes)));
    expect(new Set(refs.map((ref) => ref.uri.toLowerCase())).size).toBe(4);
  });

  it('refuse an empty name and a reference that leads out of the folder', async () => {
    const store = await temporaryStore();
    await expect(store.artifacts.put('', bytes)).rejects.toThrow(RangeError);
    await writeFile(join(store.folder, sha256), bytes);
    for (const uri of [`../${sha256}`, `x/../${sha256}`, sha256, `/${sha256}`, `public/${'0'.repeat(64)}`]) {
      await expect(store.artifacts.get({ uri, sha256, bytes: 5, rows: 0 })).rejects.toThrow(RangeError);
    }
    expect(await readFile(join(store.folder, sha256))).toHaveLength(5);
  });
});
