import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemErrorCode } from './store-errors.ts';

const ABANDONED_AFTER_MS = 24 * 3_600_000;
const LARGEST_WRITE = 64 * 1024 * 1024;

/** Files on their way to disk. Nobody sees one of them before `commit`, and after it each is whole, also after a power cut. */
export interface FileGroup {
  /** Writes a file: `fill` appends its bytes, and gives its final path at the end; null throws the file away. */
  write(fill: (append: (bytes: Uint8Array) => Promise<void>) => Promise<string | null>): Promise<void>;
  /** Whether a file for this path is waiting. */
  holds(path: string): boolean;
  /** Waits until all files are on the disk, and gives them their names. */
  commit(): Promise<void>;
  /** Throws away what is not committed. */
  discard(): Promise<void>;
}

/** `temporaryFolder` must lie in the same file system as the files' final paths. */
export function createFileGroup(temporaryFolder: string): FileGroup {
  const waiting = new Map<string, { temporary: string; synced: Promise<void> }>();
  const writes: Promise<void>[] = [];
  let folder: Promise<void> | undefined;
  let givenUp = false;

  /** Not with the folders above: where a store's folder is away, a new one in its place would hide it. */
  const makeTemporaryFolder = (): Promise<void> => mkdir(temporaryFolder).catch(ignoreExisting);

  async function write(fill: Parameters<FileGroup['write']>[0]): Promise<void> {
    if (givenUp) throw new Error('This file came after the others of its group were thrown away');
    await (folder ??= makeTemporaryFolder());
    const temporary = join(temporaryFolder, randomUUID());
    const handle = await open(temporary, 'wx');
    let kept = false;
    try {
      const path = await fill((bytes) => writeAll(handle, bytes));
      kept = path !== null && !waiting.has(path);
      if (path !== null && kept) waiting.set(path, { temporary, synced: syncAndClose(handle) });
    } finally {
      if (!kept) await abandon(temporary, handle);
    }
  }

  return {
    write(fill) {
      const written = write(fill);
      writes.push(written);
      return written;
    },
    holds: (path) => waiting.has(path),
    async commit() {
      await Promise.all([...waiting.values()].map(({ synced }) => synced));
      const changed = await Promise.all([...waiting].map(([path, { temporary }]) => moveInto(temporary, path)));
      await Promise.all([...new Set(changed.flat())].map(syncFolder));
      waiting.clear();
    },
    async discard() {
      givenUp = true;
      await Promise.allSettled(writes); // one that was not waited for may still be on its way
      await Promise.allSettled([...waiting.values()].map(({ synced }) => synced));
      await Promise.all([...waiting.values()].map(({ temporary }) => removeQuietly(temporary)));
      waiting.clear();
    },
  };
}

/** Begins at once, while further files of the group are still being made; whoever commits hears of an error. */
function syncAndClose(handle: FileHandle): Promise<void> {
  const synced = sync();
  synced.catch(() => undefined);
  return synced;

  async function sync(): Promise<void> {
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }
}

/** Errors are not told: there is one already, or nobody misses the file. */
async function abandon(temporary: string, handle: FileHandle): Promise<void> {
  await handle.close().catch(() => undefined);
  await removeQuietly(temporary);
}

function removeQuietly(temporary: string): Promise<void> {
  return rm(temporary, { force: true }).catch(() => undefined);
}

/** Writes one file so that a reader sees the whole of it or none, as in a {@link FileGroup}; without a path only tries it. */
export async function writeAtomically(temporaryFolder: string, bytes: Uint8Array, path: string | null): Promise<void> {
  const group = createFileGroup(temporaryFolder);
  try {
    await group.write(async (append) => {
      await append(bytes);
      return path;
    });
    await group.commit();
  } catch (error) {
    await group.discard();
    throw error;
  }
}

/** Removes what processes that were killed in the middle of a write left behind; files of a day ago belong to no write any more. */
export async function removeAbandoned(temporaryFolder: string, now: number): Promise<void> {
  const names = await readdir(temporaryFolder).catch(() => []);
  for (const name of names) {
    const path = join(temporaryFolder, name);
    const file = await stat(path).catch(() => null);
    if (file !== null && now - file.mtimeMs > ABANDONED_AFTER_MS) await rm(path, { force: true });
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, at, Math.min(LARGEST_WRITE, bytes.length - at));
    at += bytesWritten;
  }
}

/** Gives the file its name, and answers which folders are to be synced for it to be found again. */
async function moveInto(temporary: string, path: string): Promise<string[]> {
  const folder = dirname(path);
  try {
    await rename(temporary, path);
    return [folder];
  } catch (error) {
    if (systemErrorCode(error) !== 'ENOENT') throw error;
  }
  const changed = await makeFolder(folder);
  await rename(temporary, path);
  return changed;
}

/** Makes the folder, and gives those to sync so that a file in it is found again: itself, and for each new one the folder above it. */
async function makeFolder(path: string): Promise<string[]> {
  const created = await mkdir(path, { recursive: true });
  const changed = [path];
  if (created !== undefined) for (let at = path; at.length >= created.length; at = dirname(at)) changed.push(dirname(at));
  return changed;
}

function ignoreExisting(error: unknown): void {
  if (systemErrorCode(error) !== 'EEXIST') throw error;
}

async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return; // folders cannot be opened there
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
