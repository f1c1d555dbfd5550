import { createHash } from 'node:crypto';
import { arrayBuffer, text } from 'node:stream/consumers';
import { ArtifactRef } from '../shared/artifact.ts';
import { asBucketError } from './bucket-errors.ts';
import { isBeyondEnd, isMissingObject, type Bucket } from './bucket.ts';
import { RENEW_AFTER_MS } from './grace.ts';
import { contentPlace, encodeScope, linkPlace } from './paths.ts';
import { damagedArtifact, missing, partsOf } from './read-file.ts';
import { createStaging, type Staging } from './staging.ts';
import type { ArtifactStore, ArtifactWriter } from './store.ts';

export interface ObjectStoreOptions {
  bucket: Bucket;
  /** Made when missing; holds files on their way to the bucket. */
  temporaryFolder: string;
}

/**
 * An artifact store in object storage, with the same places as in a folder. An object is written once, whole or not at all; what is put
 * {@link ArtifactStore.together} is sent at the end, and where that fails halfway, what was sent is named by nothing and removed later.
 */
export function createObjectStore({ bucket, temporaryFolder }: ObjectStoreOptions): ArtifactStore {
  async function together<Value>(work: (files: ArtifactWriter) => Promise<Value>): Promise<Value> {
    const staging = createStaging(temporaryFolder);
    try {
      const value = await work(writerInto(staging, bucket));
      await staging.send(bucket);
      return value;
    } finally {
      await staging.discard();
    }
  }

  async function getInto<Bytes extends Uint8Array>(ref: ArtifactRef, bytes: Bytes): Promise<Bytes> {
    let at = 0;
    await hashed(bucket, ref, (part) => {
      // What is too long has another hash.
      bytes.set(part.subarray(0, bytes.length - at), at);
      at += Math.min(part.length, bytes.length - at);
    });
    return bytes;
  }

  async function getRange(ref: ArtifactRef, from: number, bytes: number): Promise<Uint8Array> {
    const wanted = Math.min(bytes, ref.bytes - from);
    if (wanted <= 0) return new Uint8Array();
    return new Uint8Array(await arrayBuffer(await opened(bucket, ref, { from: (ref.from ?? 0) + from, bytes: wanted })));
  }

  async function resolve(scope: string, name: string): Promise<ArtifactRef | null> {
    const place = linkPlace(scope, name);
    const found = await readLink(bucket, place);
    if (found === null) return null;
    const ref = ArtifactRef.parse(JSON.parse(found));
    return (await isKept(bucket, contentPlace(ref), ref.bytes)) ? ref : null;
  }

  return told({
    put: (scope, bytes, rows) => together((files) => files.put(scope, bytes, rows)),
    putStream: (scope, parts, rows) => together((files) => files.putStream(scope, parts, rows)),
    asOneFile: (scope, work) => together((files) => files.asOneFile(scope, work)),
    together,
    get: async (ref) => getInto(ref, new Uint8Array(ref.bytes)),
    getShared: async (ref) => getInto(ref, new Uint8Array(new SharedArrayBuffer(ref.bytes))),
    getHead: (ref, bytes) => getRange(ref, 0, bytes),
    getRange,
    verify: (ref) => hashed(bucket, ref, () => undefined),
    link: (scope, name, ref) => bucket.put(linkPlace(scope, name), Buffer.from(JSON.stringify(ref))),
    resolve,
    signedUrl: (ref, options) => bucket.signedUrl(contentPlace(ref), options),
    check: () => bucket.put('.check', new Uint8Array(1)), // no scope has a dot in its encoded name
  });
}

/** Puts files into a staging, but for those that are stored already and will be kept for long enough. */
function writerInto(staging: Staging, bucket: Bucket): ArtifactWriter {
  async function refOf(
    scope: string,
    sha256: string,
    bytes: number,
    rows: number,
  ): Promise<{ ref: ArtifactRef; place: string; isThere: boolean }> {
    const ref = { uri: `${scope}/${sha256}`, sha256, bytes, rows };
    const place = contentPlace(ref);
    return { ref, place, isThere: staging.holds(place) || (await isKept(bucket, place, bytes)) };
  }
  const writer: ArtifactWriter = {
    // An object is read by ranges of its own, and made by a request however small: parts of one would save nothing but requests.
    asOneFile: (_, work) => work(writer),
    async put(scope, bytes, rows = 0) {
      const encodedScope = encodeScope(scope);
      const hash = createHash('sha256');
      for (const part of partsOf(bytes)) hash.update(part);
      const { ref, place, isThere } = await refOf(encodedScope, hash.digest('hex'), bytes.length, rows);
      if (!isThere) staging.keep(place, bytes);
      return ref;
    },
    async putStream(scope, parts, rows) {
      const encodedScope = encodeScope(scope); // before the first byte is written
      const file = await staging.write(parts);
      const { ref, place, isThere } = await refOf(encodedScope, file.sha256, file.bytes, rows());
      if (!isThere) staging.keepFile(place, file);
      return ref;
    },
  };
  return writer;
}

/** Whether an object of that size is there, and will be for a while: its time is made new where the grace would end soon. */
async function isKept(bucket: Bucket, place: string, bytes: number): Promise<boolean> {
  const stored = await bucket.stat(place);
  if (stored?.bytes !== bytes) return false;
  if (Date.now() - stored.modifiedAt > RENEW_AFTER_MS) await bucket.renew(place);
  return true;
}

async function readLink(bucket: Bucket, place: string): Promise<string | null> {
  try {
    return await text(await bucket.read(place));
  } catch (error) {
    if (isMissingObject(error)) return null;
    throw error;
  }
}

/** Reads an object part by part and checks it against its hash. */
async function hashed(bucket: Bucket, ref: ArtifactRef, take: (part: Uint8Array) => void): Promise<void> {
  const hash = createHash('sha256');
  // A part that was stored by a folder lies among others.
  const range = ref.from === undefined || ref.bytes === 0 ? undefined : { from: ref.from, bytes: ref.bytes };
  for await (const part of await opened(bucket, ref, range)) {
    hash.update(part);
    take(part);
  }
  if (hash.digest('hex') === ref.sha256) return;
  const place = contentPlace(ref);
  // Under its own name it would keep the right bytes from being stored again.
  if (ref.from === undefined) await bucket.move(place, `${place}.damaged`).catch(() => undefined);
  throw damagedArtifact(ref);
}

async function opened(bucket: Bucket, ref: ArtifactRef, range?: { from: number; bytes: number }): Promise<AsyncIterable<Uint8Array>> {
  try {
    return await bucket.read(contentPlace(ref), range);
  } catch (error) {
    if (isBeyondEnd(error)) return (async function* () {})();
    if (!isMissingObject(error)) throw error;
    throw missing(ref, 'Check that HOLDFAST_ARTIFACTS names the same place in every process', error);
  }
}

/** The store with errors in its own words. */
function told(store: ArtifactStore): ArtifactStore {
  const entries = Object.entries(store).map(([name, method]: [string, (...args: never[]) => Promise<unknown>]) => [
    name,
    async (...args: never[]) => {
      try {
        return await method(...args);
      } catch (error) {
        throw asBucketError(error);
      }
    },
  ]);
  return Object.fromEntries(entries) as ArtifactStore;
}
