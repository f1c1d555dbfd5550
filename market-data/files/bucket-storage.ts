import { basename, extname } from 'node:path';
import type { FileCache } from '../../artifacts/file-cache.ts';
import { HoldfastError } from '../../shared/errors.ts';
import { copyEnds, copyWhole } from './bucket-copies.ts';
import type { Bucket, StoredObject } from './buckets/bucket.ts';
import { bucketError } from './buckets/failure.ts';
import { openGcsBucket } from './buckets/gcs.ts';
import { openS3Bucket } from './buckets/s3.ts';
import { BUCKET, type FilePlace, type FileStorage, type StoredFile } from './storage.ts';

/** Large buckets take many requests to list, and are listed whenever a run is accepted. An object that has changed meanwhile cannot be read any more. */
const LIST_LASTS_MS = 60_000;

/** Objects of a bucket below a prefix, or a single one. They are copied to this machine to be read, those of a version once. */
export function createBucketStorage(place: FilePlace, cache: FileCache): FileStorage {
  const { source, path, format, endpoint, region } = place;
  const { kind, bucket: name, prefix: given = '' } = BUCKET.exec(path)!.groups!;
  const prefix = given.replace(/\/+$/, '');
  const folder = prefix && `${prefix}/`;
  /** What comes before the keys of files in the names of objects. */
  const above = extname(prefix) === `.${format}` ? prefix.slice(0, -basename(prefix).length) : folder;
  const origin = {
    name: `${kind}://${name} ${endpoint ?? ''}`,
    objectOf: ({ key, bytes, version }: StoredFile): StoredObject => ({ name: above + key, bytes, version }),
  };
  let opening: Promise<Bucket> | undefined;
  let listing: { until: number; files: Promise<StoredFile[]> } | null = null;

  const open = () => (opening ??= (kind === 's3' ? openS3Bucket : openGcsBucket)({ bucket: name!, endpoint, region }));

  async function listNow(): Promise<StoredFile[]> {
    const files: StoredFile[] = [];
    for await (const { name: object, bytes, version } of (await open()).list(prefix)) {
      const isInside = object === prefix || object.startsWith(folder);
      if (!isInside || extname(object).toLowerCase() !== `.${format}`) continue;
      files.push({ key: fileName(source, object.slice(above.length)), bytes, version });
    }
    return files;
  }

  function listed(): Promise<StoredFile[]> {
    const now = performance.now();
    if (listing === null || listing.until < now) listing = { until: now + LIST_LASTS_MS, files: listNow() };
    return listing.files;
  }

  async function told<Value>(work: () => Promise<Value>, signal?: AbortSignal): Promise<Value> {
    try {
      return await work();
    } catch (error) {
      listing = null;
      signal?.throwIfAborted();
      throw bucketError(source, path, error);
    }
  }
  return {
    list: () => told(listed),
    open: (files, part, signal) =>
      told(async () => {
        const from = { ...origin, bucket: await open() };
        return part === 'ends' ? copyEnds(from, files, signal) : copyWhole(from, files, { cache, signal });
      }, signal),
  };
}

/** Names of objects may be anything, and become paths here. */
function fileName(source: string, key: string): string {
  const isName = (part: string) => part !== '' && part !== '.' && part !== '..' && Buffer.byteLength(part) <= 200;
  if (key.split('/').every(isName) && !key.includes('\0') && !key.includes('\\')) return key;
  throw new HoldfastError('source_refused', `The source "${source}" has an object whose name cannot be that of a file: ${key}. Rename it.`);
}
