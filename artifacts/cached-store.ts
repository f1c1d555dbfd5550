import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, writeFile, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { ArtifactRef } from '../shared/artifact.ts';
import { HoldfastError } from '../shared/errors.ts';
import { download } from './download.ts';
import { createFileCache, type FileCacheOptions } from './file-cache.ts';
import { readRange, readWhole } from './read-file.ts';
import { asStoreError } from './store-errors.ts';
import type { ArtifactStore, ArtifactWriter } from './store.ts';

/**
 * A store that is far away, with copies of what was stored or read here in a folder of a limited size. What counts is in the remote store: a copy that is
 * damaged, or was removed, is fetched again. Not for a store that is a folder of this machine already.
 */
export function createCachedStore(remote: ArtifactStore, options: FileCacheOptions): ArtifactStore {
  const cache = createFileCache(options);

  /** Reads a copy, and once more if that one is no good. */
  async function fromCopy<Value>(ref: ArtifactRef, read: (path: string) => Promise<Value>): Promise<Value> {
    for (let isSecond = false; ; isSecond = true) {
      const copy = await cache.hold(ref.uri, (path) => download(remote, ref, path)).catch(failUnavailable);
      try {
        return await read(copy.path);
      } catch (error) {
        if (isSecond || !isCopyAtFault(error)) throw error;
      } finally {
        copy.release();
      }
    }
  }

  async function getRange(ref: ArtifactRef, from: number, bytes: number): Promise<Uint8Array> {
    // More than fits would push out all others with each stretch that is read of it.
    if (ref.bytes > options.bytes) return remote.getRange(ref, from, bytes);
    return fromCopy(ref, (path) => readRange(path, ref, { from, bytes }));
  }

  async function getHead(ref: ArtifactRef, bytes: number): Promise<Uint8Array> {
    const copy = await cache.hold(ref.uri);
    copy?.release();
    return copy === null ? remote.getHead(ref, bytes) : fromCopy(ref, (path) => readRange(path, ref, { from: 0, bytes }));
  }

  async function together<Value>(work: (files: ArtifactWriter) => Promise<Value>): Promise<Value> {
    const copies = createCopies(join(options.folder, '.tmp'));
    try {
      const value = await remote.together((files) => work(copies.alongside(files)));
      await copies.each(async (ref, copied) => (await cache.hold(ref.uri, copied)).release());
      return value;
    } catch (error) {
      return failUnavailable(error);
    } finally {
      await copies.discard();
    }
  }

  return {
    put: (scope, bytes, rows) => together((files) => files.put(scope, bytes, rows)),
    putStream: (scope, parts, rows) => together((files) => files.putStream(scope, parts, rows)),
    asOneFile: (scope, work) => together((files) => files.asOneFile(scope, work)),
    together,
    get: (ref) => fromCopy(ref, (path) => readWhole(path, ref, (bytes) => new Uint8Array(bytes))),
    getShared: (ref) => fromCopy(ref, (path) => readWhole(path, ref, (bytes) => new Uint8Array(new SharedArrayBuffer(bytes)))),
    getHead,
    getRange,
    verify: (ref) => remote.verify(ref),
    link: (scope, name, ref) => remote.link(scope, name, ref),
    resolve: (scope, name) => remote.resolve(scope, name),
    signedUrl: (ref, options) => remote.signedUrl(ref, options),
    check: () => remote.check(),
  };
}

function failUnavailable(error: unknown): never {
  throw asStoreError(error);
}

function isCopyAtFault(error: unknown): boolean {
  return error instanceof HoldfastError && (error.code === 'artifact_damaged' || error.code === 'artifact_missing');
}

/** Copies of files that are being stored elsewhere. */
function createCopies(folder: string) {
  const copies: { ref: ArtifactRef; write: (path: string) => Promise<void> }[] = [];
  const temporary: string[] = [];

  async function put(files: ArtifactWriter, ...[scope, bytes, rows]: Parameters<ArtifactWriter['put']>): Promise<ArtifactRef> {
    const ref = await files.put(scope, bytes, rows);
    copies.push({ ref, write: (path) => writeFile(path, bytes) });
    return ref;
  }

  async function putStream(files: ArtifactWriter, ...[scope, parts, rows]: Parameters<ArtifactWriter['putStream']>): Promise<ArtifactRef> {
    const path = join(folder, randomUUID());
    temporary.push(path);
    await mkdir(folder, { recursive: true });
    const file = await open(path, 'wx');
    try {
      const ref = await files.putStream(scope, writtenTo(file, parts), rows);
      copies.push({ ref, write: (target) => rename(path, target) });
      return ref;
    } finally {
      await file.close();
    }
  }

  return {
    alongside(files: ArtifactWriter): ArtifactWriter {
      const writer: ArtifactWriter = {
        put: (...file) => put(files, ...file),
        putStream: (...file) => putStream(files, ...file),
        // Copies are of whole files.
        asOneFile: (_scope, work) => work(writer),
      };
      return writer;
    },
    async each(keep: (ref: ArtifactRef, write: (path: string) => Promise<void>) => Promise<void>): Promise<void> {
      await Promise.allSettled(copies.map(({ ref, write }) => keep(ref, write)));
    },
    discard: () => Promise.all(temporary.map((path) => rm(path, { force: true }))),
  };
}

async function* writtenTo(file: FileHandle, parts: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const part of parts) {
    await file.appendFile(part);
    yield part;
  }
}
