import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import type { S3ClientConfig } from '@aws-sdk/client-s3';

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

/** The libraries are loaded by whoever has a bucket: each thread of a worker would wait a fifth of a second for them. */
async function openClient(bucket: string, options: S3ClientConfig) {
  const [{ GetObjectCommand, S3Client }, { S3Driver }] = await Promise.all([import('@aws-sdk/client-s3'), import('flydrive/drivers/s3')]);
  const client = new S3Client({
    // Of others than Amazon some know no bucket as a part of the host name, and no checksums but the usual ones.
    forcePathStyle: options.endpoint !== undefined,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: SILENT_MS },
    ...options,
  });
  return {
    // The library's own front is passed by, since it knows no ranges.
    driver: new S3Driver({ client, bucket, visibility: 'private', supportsACL: false }),
    readRange: async (key: string, { from, bytes }: { from: number; bytes: number }): Promise<Readable> => {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key, Range: `bytes=${from}-${from + bytes - 1}` }));
      return Body as Readable;
    },
  };
}

/** A bucket that speaks S3. What `options` do not say the client looks for where all such tools do, as the key that a machine at Amazon has. */
export function createS3Bucket(bucket: string, prefix: string, options: S3ClientConfig = {}): Bucket {
  let opening: ReturnType<typeof openClient> | undefined;
  const open = (): ReturnType<typeof openClient> => (opening ??= openClient(bucket, options));
  // Stores differ in what becomes of a % in a key, and the library takes none; ! is in no scope.
  const at = (key: string): string => prefix + key.replaceAll('%', '!');
  const keyAt = (stored: string): string => stored.slice(prefix.length).replaceAll('!', '%');
  return {
    put: async (key, bytes) => (await open()).driver.put(at(key), bytes),
    putFile: async (key, path, contentLength) => (await open()).driver.putStream(at(key), createReadStream(path), { contentLength }),
    async read(key, range) {
      const { driver, readRange } = await open();
      return range === undefined ? driver.getStream(at(key)) : readRange(at(key), range);
    },
    async stat(key) {
      const { driver } = await open();
      try {
        const { contentLength, lastModified } = await driver.getMetaData(at(key));
        return { bytes: contentLength, modifiedAt: lastModified.getTime() };
      } catch (error) {
        if (isMissingObject(error)) return null;
        throw error;
      }
    },
    // A copy onto itself is refused unless it changes something.
    async renew(key) {
      const { driver } = await open();
      await driver.copy(at(key), at(key), { MetadataDirective: 'REPLACE' } as Parameters<typeof driver.copy>[2]);
    },
    move: async (from, to) => (await open()).driver.move(at(from), at(to)),
    remove: async (key) => (await open()).driver.delete(at(key)),
    async *list() {
      const { driver } = await open();
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
    signedUrl: async (key, { seconds, fileName }) =>
      (await open()).driver.getSignedUrl(at(key), { expiresIn: seconds, contentDisposition: `attachment; filename="${fileName}"` }),
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
