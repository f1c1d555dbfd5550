import { readFile, stat } from 'node:fs/promises';
import { ArtifactRef } from '../shared/artifact.ts';
import { HoldfastError } from '../shared/errors.ts';
import { createFileGroup, removeAbandoned, writeAtomically } from './atomic-file.ts';
import { writerInto } from './file-writer.ts';
import { createPaths } from './paths.ts';
import { isStored, readRange, readWhole, verifyFile } from './read-file.ts';
import { asStoreError, nullIfMissing, systemErrorCode } from './store-errors.ts';
import type { ArtifactStore, ArtifactWriter } from './store.ts';

/**
 * An artifact store in a folder: `<scope>/<first two hex digits>/<sha256>`, links in `<scope>/links/<name>.json`. Several processes may
 * use one folder; what was stored survives a power cut.
 */
export function createFolderStore(options: { folder: string }): ArtifactStore {
  const paths = createPaths(options.folder);

  async function together<Value>(work: (files: ArtifactWriter) => Promise<Value>): Promise<Value> {
    const group = createFileGroup(paths.temporary);
    try {
      const value = await work(writerInto(group, (ref) => paths.content(ref)));
      await group.commit();
      return value;
    } catch (error) {
      await group.discard();
      throw await told(error);
    }
  }

  async function link(scope: string, name: string, ref: ArtifactRef): Promise<void> {
    const path = paths.link(scope, name);
    await writeAtomically(paths.temporary, Buffer.from(JSON.stringify(ref)), path);
  }

  async function resolve(scope: string, name: string): Promise<ArtifactRef | null> {
    const text = await readFile(paths.link(scope, name), 'utf8').catch(nullIfMissing);
    if (text === null) return null;
    const ref = ArtifactRef.parse(JSON.parse(text));
    return (await isStored(paths.content(ref), ref.bytes)) ? ref : null;
  }

  async function check(): Promise<void> {
    await removeAbandoned(paths.temporary, Date.now());
    await writeAtomically(paths.temporary, new Uint8Array(4096), null);
  }

  /** An error of the operating system in the words of the store. */
  async function told(error: unknown): Promise<Error> {
    return isMissing(error) && !(await isThere(options.folder)) ? folderAway(options.folder, error) : asStoreError(error);
  }

  function translated<Args extends unknown[], Value>(method: (...args: Args) => Promise<Value>): (...args: Args) => Promise<Value> {
    return async (...args) => {
      try {
        return await method(...args);
      } catch (error) {
        throw await told(error);
      }
    };
  }

  return {
    put: (scope, bytes, rows) => together((files) => files.put(scope, bytes, rows)),
    putStream: (scope, parts, rows) => together((files) => files.putStream(scope, parts, rows)),
    asOneFile: (scope, work) => together((files) => files.asOneFile(scope, work)),
    together,
    get: translated((ref: ArtifactRef) => readWhole(paths.content(ref), ref, (bytes) => new Uint8Array(bytes))),
    getShared: translated((ref: ArtifactRef) =>
      readWhole(paths.content(ref), ref, (bytes) => new Uint8Array(new SharedArrayBuffer(bytes))),
    ),
    getHead: translated((ref: ArtifactRef, bytes: number) => readRange(paths.content(ref), ref, { from: 0, bytes })),
    getRange: translated((ref: ArtifactRef, from: number, bytes: number) => readRange(paths.content(ref), ref, { from, bytes })),
    verify: translated((ref: ArtifactRef) => verifyFile(paths.content(ref), ref)),
    link: translated(link),
    resolve: translated(resolve),
    signedUrl: async () => null,
    check: translated(check),
  };
}

/** While the whole folder is away, none of its files is missing for good. */
function isMissing(error: unknown): boolean {
  return systemErrorCode(error) === 'ENOENT' || (error instanceof HoldfastError && error.code === 'artifact_missing');
}

async function isThere(folder: string): Promise<boolean> {
  return (await stat(folder).catch(() => null)) !== null;
}

function folderAway(folder: string, cause: unknown): HoldfastError {
  return new HoldfastError(
    'artifact_unavailable',
    `The artifact folder ${folder} is not there (ENOENT). Bring it back: runs wait for it.`,
    {
      cause,
    },
  );
}
