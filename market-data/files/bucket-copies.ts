import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pMap from 'p-map';
import type { FileCache, HeldFile } from '../../artifacts/file-cache.ts';
import type { Bucket, StoredObject } from './buckets/bucket.ts';
import { fetchEnd, fetchWhole } from './buckets/fetch-object.ts';
import type { LocalFiles, StoredFile } from './storage.ts';

/** Objects that are fetched at a time. */
const AT_ONCE = 8;

interface Origin {
  /** Of the bucket; no other one has it. */
  name: string;
  bucket: Bucket;
  objectOf: (file: StoredFile) => StoredObject;
}

/** Copies in the cache, which are in use until they are closed. */
export async function copyWhole<File extends StoredFile>(
  { name, bucket, objectOf }: Origin,
  files: readonly File[],
  { cache, signal }: { cache: FileCache; signal: AbortSignal | undefined },
): Promise<LocalFiles<File>> {
  const held: HeldFile[] = [];
  const release = async (): Promise<void> => held.forEach((file) => file.release());
  const copy = async (file: File) => {
    const object = objectOf(file);
    const folder = createHash('sha256')
      .update(JSON.stringify([name, object.name, object.version]))
      .digest('hex');
    const own = await cache.hold(`${folder}/${file.key}`, (path) => fetchWhole(bucket, object, path, signal));
    held.push(own);
    return { ...file, path: own.path };
  };
  return orCleanUp(release, async () => ({
    root: cache.folder,
    files: await pMap(files, copy, { concurrency: AT_ONCE }),
    close: release,
  }));
}

/** Files that have only their ends, in a folder that goes when they are closed. */
export async function copyEnds<File extends StoredFile>(
  { bucket, objectOf }: Origin,
  files: readonly File[],
  signal: AbortSignal | undefined,
): Promise<LocalFiles<File>> {
  const root = await mkdtemp(join(tmpdir(), 'holdfast-ends-'));
  const remove = (): Promise<void> => rm(root, { recursive: true, force: true });
  const copy = async (file: File) => {
    const path = join(root, ...file.key.split('/'));
    await mkdir(dirname(path), { recursive: true });
    await fetchEnd(bucket, objectOf(file), path, signal);
    return { ...file, path };
  };
  return orCleanUp(remove, async () => ({
    root,
    files: await pMap(files, copy, { concurrency: AT_ONCE }),
    close: remove,
  }));
}

async function orCleanUp<Value>(cleanUp: () => Promise<void>, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    await cleanUp();
    throw error;
  }
}
