import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bucket } from './bucket.ts';
import { gathered } from './gathered.ts';

/** Sent at the same time: enough to hide how far the bucket is away. */
const AT_ONCE = 8;

interface StagedFile {
  path: string;
  sha256: string;
  bytes: number;
}

/** Files on their way to a bucket. Nothing of them is sent before `send`. */
export interface Staging {
  /** Writes parts to a file, since their name is known at their end only. */
  write(parts: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<StagedFile>;
  /** To be sent; the bytes are copied, since whoever gave them may use their memory again. */
  keep(place: string, bytes: Uint8Array): void;
  keepFile(place: string, file: StagedFile): void;
  holds(place: string): boolean;
  send(bucket: Bucket): Promise<void>;
  discard(): Promise<void>;
}

export function createStaging(temporaryFolder: string): Staging {
  const paths: string[] = [];
  const waiting = new Map<string, (bucket: Bucket) => Promise<void>>();
  return {
    async write(parts) {
      await mkdir(temporaryFolder, { recursive: true });
      const path = join(temporaryFolder, randomUUID());
      paths.push(path);
      const hash = createHash('sha256');
      let bytes = 0;
      const file = await open(path, 'wx');
      try {
        for await (const part of gathered(parts)) {
          hash.update(part);
          bytes += part.length;
          await file.appendFile(part);
        }
      } finally {
        await file.close();
      }
      return { path, sha256: hash.digest('hex'), bytes };
    },
    keep(place, bytes) {
      const copy = Uint8Array.from(bytes);
      waiting.set(place, (bucket) => bucket.put(place, copy));
    },
    keepFile(place, { path, bytes }) {
      // A stream without bytes has no length for the library.
      waiting.set(place, (bucket) => (bytes === 0 ? bucket.put(place, new Uint8Array()) : bucket.putFile(place, path, bytes)));
    },
    holds: (place) => waiting.has(place),
    async send(bucket) {
      const left = waiting.values();
      const sender = async (): Promise<void> => {
        for (const put of left) await put(bucket);
      };
      await Promise.all(Array.from({ length: AT_ONCE }, sender));
    },
    async discard() {
      waiting.clear();
      await Promise.all(paths.map((path) => rm(path, { force: true })));
    },
  };
}
