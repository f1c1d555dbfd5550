import { randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemErrorCode } from './store-errors.ts';

const ABANDONED_AFTER_MS = 24 * 3_600_000;
const LARGEST_WRITE = 64 * 1024 * 1024;

/**
 * Writes `parts` so that a reader sees the whole file or none, also after a power cut. `target` is asked for the final path when all is
 * written; null throws the file away. `temporaryFolder` must lie in the same file system.
 */
export async function writeAtomically(
  temporaryFolder: string,
  parts: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  target: () => Promise<string | null>,
): Promise<void> {
  // Not with the folders above: where a store's folder is away, a new one in its place would hide it.
  await mkdir(temporaryFolder).catch(ignoreExisting);
  const temporary = join(temporaryFolder, randomUUID());
  try {
    const handle = await open(temporary, 'wx');
    let path: string | null;
    try {
      for await (const part of parts) await writeAll(handle, part);
      path = await target();
      if (path !== null) await handle.sync();
    } finally {
      await handle.close();
    }
    if (path === null) return await rm(temporary);
    await makeFolder(dirname(path));
    await rename(temporary, path);
    await syncFolder(dirname(path));
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined); // the first error is the one to tell
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

/** A new folder is on disk only when the folder above it is synced, too. */
async function makeFolder(path: string): Promise<void> {
  const created = await mkdir(path, { recursive: true });
  if (created === undefined) return;
  for (let at = path; at.length >= created.length; at = dirname(at)) await syncFolder(dirname(at));
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
