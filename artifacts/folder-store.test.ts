import { createHash } from 'node:crypto';
import { mkdir, rename, readdir, readFile, stat, utimes, writeFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ArtifactRef } from '../shared/artifact.ts';
import { describeArtifactStore } from './contract.ts';
import { createFolderStore } from './folder-store.ts';
import { temporaryStore } from './temporary-store.ts';

const bytes = Uint8Array.from([1, 2, 3, 4, 5]);
const sha256 = createHash('sha256').update(bytes).digest('hex');

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

describeArtifactStore('A folder', async () => {
  const { folder, artifacts } = await temporaryStore();
  return {
    artifacts,
    open: () => createFolderStore({ folder }),
    places: async () => (await filesBelow(folder)).filter((place) => !/^\.tmp|\.damaged$/.test(place)),
    overwrite: async (place, content) => {
      const path = join(folder, place);
      if (content === null) return rm(path);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content);
    },
  };
});

describe('a store in a folder', () => {
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

describe('a reference that leads out of the folder', () => {
  it('is refused', async () => {
    const store = await temporaryStore();
    await writeFile(join(store.folder, sha256), bytes);
    for (const uri of [`../${sha256}`, `x/../${sha256}`, sha256, `/${sha256}`, `public/${'0'.repeat(64)}`]) {
      await expect(store.artifacts.get({ uri, sha256, bytes: 5, rows: 0 })).rejects.toThrow(RangeError);
    }
    expect(await readFile(join(store.folder, sha256))).toHaveLength(5);
  });
});
