/** An object of a bucket. */
export interface StoredObject {
  name: string;
  bytes: number;
  /** ETag or generation: another one when the object has changed. */
  version: string;
}

/** What is needed of a bucket, whoever keeps it. */
export interface Bucket {
  /** All objects whose names begin so. */
  list(prefix: string): AsyncIterable<StoredObject>;
  /** The bytes from `from` on, up to but not including `to`. Fails with {@link ObjectChanged} where this version is not there any more. */
  read(object: StoredObject, range: { from: number; to: number }, signal: AbortSignal | undefined): AsyncIterable<Uint8Array>;
}

export interface BucketPlace {
  bucket: string;
  endpoint?: string | undefined;
  region?: string | undefined;
}

export class ObjectChanged extends Error {
  override readonly name = 'ObjectChanged';
}
