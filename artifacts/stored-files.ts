import { randomUUID } from 'node:crypto';
import { mkdir, opendir, rename, rm, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { Bucket } from './bucket.ts';
import { createPaths } from './paths.ts';
import { nullIfMissing } from './store-errors.ts';

/** What lies in a store, whoever put it there, for whoever collects garbage. */
export interface StoredFiles {
  /** Files and links, with the moment at which each was stored, or its time made new. */
  all(): AsyncIterable<{ place: string; storedAt: number }>;
  /** Removes what lies at a place, unless it is newer than a moment by now; whether it did. */
  remove(place: string, notNewerThan: number): Promise<boolean>;
}

/** Of the folder of an artifact store. */
export function createFolderFiles(folder: string): StoredFiles {
  const { root, temporary } = createPaths(folder);
  return {
    async *all() {
      for await (const entry of await opendir(root, { recursive: true })) {
        const path = join(entry.parentPath, entry.name);
        const file = entry.isFile() && !path.startsWith(temporary) ? await stat(path).catch(nullIfMissing) : null;
        if (file !== null) yield { place: relative(root, path).split(sep).join('/'), storedAt: file.mtimeMs };
      }
    },
    async remove(place, notNewerThan) {
      const path = join(root, place);
      const aside = join(temporary, randomUUID());
      await mkdir(temporary, { recursive: true });
      // Whoever makes its time new finds it, or writes it again: not between a look and the removal.
      await rename(path, aside);
      const isOld = (await stat(aside)).mtimeMs <= notNewerThan;
      await (isOld ? rm(aside) : rename(aside, path));
      return isOld;
    },
  };
}

/** Of a bucket. Between the look and the removal its time may be made new, within some milliseconds: a run whose file is lost begins anew. */
export function createBucketFiles(bucket: Bucket): StoredFiles {
  return {
    async *all() {
      for await (const { key, modifiedAt } of bucket.list()) yield { place: key, storedAt: modifiedAt };
    },
    async remove(place, notNewerThan) {
      const object = await bucket.stat(place);
      if (object === null || object.modifiedAt > notNewerThan) return false;
      await bucket.remove(place);
      return true;
    },
  };
}
