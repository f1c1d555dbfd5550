import type { ArtifactRef } from '../shared/artifact.ts';

/** What stores files. */
export interface ArtifactWriter {
  /** Stores bytes atomically: a reader sees the whole file or none. Storing the same bytes again is free. */
  put(scope: string, bytes: Uint8Array, rows?: number): Promise<ArtifactRef>;
  /** As {@link put}, for files that should not be held in memory at once. */
  putStream(scope: string, parts: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, rows: () => number): Promise<ArtifactRef>;
  /**
   * Stores what `work` puts, in a folder as parts of one file in the order of its calls: making a file costs more than writing a small one. Addresses
   * are complete when this resolves. A store that reads whole files may keep each by itself.
   */
  asOneFile<Value>(scope: string, work: (parts: ArtifactWriter) => Promise<Value>): Promise<Value>;
}

/**
 * Immutable files named by their content. A scope is `public` or an owner: artifacts of one owner are never handed to another.
 * Implementations: a folder; object storage speaks the same interface.
 */
export interface ArtifactStore extends ArtifactWriter {
  /** Stores all files that `work` puts, or none of them; they are there when it resolves. Far quicker than one by one. */
  together<Value>(work: (files: ArtifactWriter) => Promise<Value>): Promise<Value>;
  /** The bytes, checked against their hash. Fails with `artifact_missing`, `artifact_damaged` when altered, `artifact_unavailable` while the store is away. */
  get(ref: ArtifactRef): Promise<Uint8Array>;
  /** As {@link get}, into memory that threads can share. */
  getShared(ref: ArtifactRef): Promise<Uint8Array<SharedArrayBuffer>>;
  /** The first bytes (fewer when the file is shorter), not checked against the hash: enough to follow a chain of files by their headers. */
  getHead(ref: ArtifactRef, bytes: number): Promise<Uint8Array>;
  /** As {@link getHead}, from the byte `from` on. */
  getRange(ref: ArtifactRef, from: number, bytes: number): Promise<Uint8Array>;
  /** Checks the file against its hash, without holding it in memory. Fails as {@link get} does. */
  verify(ref: ArtifactRef): Promise<void>;
  /** Gives a file a name within its scope, so that another process finds it (`datasets/<key>`). The last link wins. */
  link(scope: string, name: string, ref: ArtifactRef): Promise<void>;
  /** The file of that name, or null. */
  resolve(scope: string, name: string): Promise<ArtifactRef | null>;
  /** An address at which anyone may fetch the file for so many seconds, under a name; null where files lie in a folder, which has none. */
  signedUrl(ref: ArtifactRef, options: { seconds: number; fileName: string }): Promise<string | null>;
  /** Throws when files cannot be written now (readiness). */
  check(): Promise<void>;
}
