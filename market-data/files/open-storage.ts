import type { FileCache } from '../../artifacts/file-cache.ts';
import { createBucketStorage } from './bucket-storage.ts';
import { createFolderStorage } from './folder-storage.ts';
import { BUCKET, type FilePlace, type FileStorage } from './storage.ts';

/** `cache`: for copies of what lies in buckets. */
export function openFileStorage(place: FilePlace, cache: FileCache): FileStorage {
  return BUCKET.test(place.path) ? createBucketStorage(place, cache) : createFolderStorage(place);
}
