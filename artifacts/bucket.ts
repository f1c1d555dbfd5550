import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { GetObjectCommand, S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { S3Driver } from 'flydrive/drivers/s3';

/** Objects below a prefix of a bucket. Keys have slashes. */
export interface Bucket {
  put(key: string, bytes: Uint8Array): Promise<void>;
  /** As {@link put}, from a file of this many bytes. */
  putFile(key: string, path: string, bytes: number): Promise<void>;
  /** The object's bytes, or those of a range of it. Fails as {@link isMissingObject} and {@link isBeyondEnd} tell. */
  read(key: string, range?: { from: number; bytes: number }): Promise<AsyncIterable<Uint8Array>>;
  /** Null when there is no such object. */
  stat(key: string): Promise<{ bytes: number; modifiedAt: number } | null>;
  move(from: string, to: string): Promise<void>;
  /** Makes its time that of now. */
  renew(key: string): Promise<void>;
  remove(key: string): Promise<void>;
  list(): AsyncIterable<{ key: string; bytes: number; modifiedAt: number }>;
  /** An address at which anyone may read the object for so long. */
  signedUrl(key: string, options: { seconds: number; fileName: string }): Promise<string>;
}

const CONNECT_MS = 3_000;
const SILENT_MS = 30_000;

/** A bucket that speaks S3. What `options` do not say the client looks for where all such tools do, as the key that a machine at Amazon has. */
export function createS3Bucket(bucket: string, prefix: string, options: S3ClientConfig = {}): Bucket {
  const client = new S3Client({
    // Of others than Amazon some know no bucket as a part of the host name, and no checksums but the usual ones.
    forcePathStyle: options.endpoint !== undefined,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: SILENT_MS },
    ...options,
  });
  // The library's own front is passed by, since it knows no ranges.
  const driver = new S3Driver({ client, bucket, visibility: 'private', supportsACL: false });
  // Stores differ in what becomes of a % in a key, and the library takes none; ! is in no scope.
  const at = (key: string): string => prefix + key.replaceAll('%', '!');
  const keyAt = (stored: string): string => stored.slice(prefix.length).replaceAll('!', '%');
  return {
    put: (key, bytes) => driver.put(at(key), bytes),
    putFile: (key, path, contentLength) => driver.putStream(at(key), createReadStream(path), { contentLength }),
    async read(key, range) {
      if (range === undefined) return driver.getStream(at(key));
      const Range = `bytes=${range.from}-${range.from + range.bytes - 1}`;
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: at(key), Range }));
      return Body as Readable;
    },
    async stat(key) {
      try {
        const { contentLength, lastModified } = await driver.getMetaData(at(key));
        return { bytes: contentLength, modifiedAt: lastModified.getTime() };
      } catch (error) {
        if (isMissingObject(error)) return null;
        throw error;
      }
    },
    // A copy onto itself is refused unless it changes something.
    renew: (key) => driver.copy(at(key), at(key), { MetadataDirective: 'REPLACE' } as Parameters<typeof driver.copy>[2]),
    move: (from, to) => driver.move(at(from), at(to)),
    remove: (key) => driver.delete(at(key)),
    async *list() {
      let paginationToken: string | undefined;
      do {
        const page = await driver.listAll(prefix || '/', { recursive: true, ...(paginationToken !== undefined && { paginationToken }) });
        for (const file of page.objects) {
          if (!file.isFile) continue;
          const { contentLength, lastModified } = await file.getMetaData();
          yield { key: keyAt(file.key), bytes: contentLength, modifiedAt: lastModified.getTime() };
        }
        paginationToken = page.paginationToken;
      } while (paginationToken !== undefined);
    },
    signedUrl: (key, { seconds, fileName }) =>
      driver.getSignedUrl(at(key), { expiresIn: seconds, contentDisposition: `attachment; filename="${fileName}"` }),
  };
}

/** Whether there is no such object, in a bucket that is there. */
export function isMissingObject(error: unknown): boolean {
  return error instanceof Error && (error.name === 'NoSuchKey' || error.name === 'NotFound');
}

/** Whether a range begins behind the end of its object. */
export function isBeyondEnd(error: unknown): boolean {
  return error instanceof Error && error.name === 'InvalidRange';
}
