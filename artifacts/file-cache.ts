import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { removeAbandoned } from './atomic-file.ts';
import { systemErrorCode } from './store-errors.ts';

/** A file that is not evicted before it is released. */
export interface HeldFile {
  path: string;
  release(): void;
}

/** Copies of immutable files that lie elsewhere, in a folder of a limited size. */
export interface FileCache {
  readonly folder: string;
  /**
   * The file of this name (which may have slashes). Where it is not there, `make` writes it to the path that it is given; several who ask at once share one
   * making. Without `make`, null.
   */
  hold(name: string, make: (path: string) => Promise<void>): Promise<HeldFile>;
  hold(name: string): Promise<HeldFile | null>;
}

export interface FileCacheOptions {
  folder: string;
  /** Most that the files take together, as far as they are not in use. */
  bytes: number;
  now?: () => number;
}

/** A file that was used this recently is in use: whoever holds one longer says so again in time. Longer than any pause of a process that is alive. */
const IN_USE_MS = 3 * 60_000;
const TOUCH_MS = 60_000;
/** Share of the limit that is added before the folder is looked through again. */
const SWEEP_SHARE = 1 / 16;

/**
 * The least recently used files go first. Several processes may share the folder: a file's time of change is that of its last use, so nothing has to be
 * agreed on, and nothing of a process that was killed stays behind.
 */
export function createFileCache({ folder, bytes, now = Date.now }: FileCacheOptions): FileCache {
  const temporaryFolder = join(folder, '.tmp');
  const making = new Map<string, Promise<void>>();
  const touch = (path: string): Promise<boolean> => touchAt(path, now() / 1000);
  const keep = createHolds(touch);
  let added = Infinity; // since the last sweep; a folder that was there before is looked through at once
  let sweeping: Promise<void> | null = null;

  async function make(path: string, write: (path: string) => Promise<void>): Promise<void> {
    await mkdir(temporaryFolder, { recursive: true });
    const temporary = join(temporaryFolder, randomUUID());
    try {
      await write(temporary);
      await mkdir(dirname(path), { recursive: true });
      await touch(temporary);
      added += (await stat(temporary)).size;
      await rename(temporary, path);
    } finally {
      await rm(temporary, { force: true });
    }
    if (added < bytes * SWEEP_SHARE) return;
    added = 0;
    sweeping ??= sweep({ folder, bytes, now: now() }).finally(() => (sweeping = null));
    await sweeping;
  }

  function makeOnce(path: string, write: (path: string) => Promise<void>): Promise<void> {
    const made = making.get(path) ?? make(path, write).finally(() => making.delete(path));
    making.set(path, made);
    return made;
  }

  async function hold(name: string, write?: (path: string) => Promise<void>): Promise<HeldFile | null> {
    const path = join(folder, name);
    const file = keep(path);
    try {
      if (await touch(path)) return file;
      if (write !== undefined) {
        await makeOnce(path, write);
        return file;
      }
    } catch (error) {
      file.release();
      throw error;
    }
    file.release();
    return null;
  }
  return { folder, hold: hold as FileCache['hold'] };
}

/** Says again and again that held files are in use. */
function createHolds(touch: (path: string) => Promise<unknown>): (path: string) => HeldFile {
  const held = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;
  return (path) => {
    held.set(path, (held.get(path) ?? 0) + 1);
    timer ??= setInterval(() => void Promise.allSettled([...held.keys()].map(touch)), TOUCH_MS).unref();
    return {
      path,
      release() {
        const others = held.get(path)! - 1;
        if (others > 0) held.set(path, others);
        else held.delete(path);
        if (held.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      },
    };
  };
}

/** False where the file is not there. `time`: seconds. */
async function touchAt(path: string, time: number): Promise<boolean> {
  try {
    await utimes(path, time, time);
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

async function sweep({ folder, bytes, now }: { folder: string; bytes: number; now: number }): Promise<void> {
  await removeAbandoned(join(folder, '.tmp'), now);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile() && !entry.parentPath.endsWith('.tmp'))
    .map(({ parentPath, name }) => join(parentPath, name));
  const files = await Promise.all(paths.map(async (path) => ({ path, ...(await usageOf(path)) })));
  let total = files.reduce((sum, { size }) => sum + size, 0);
  for (const { path, size, used } of files.toSorted((a, b) => a.used - b.used)) {
    if (total <= bytes || used > now - IN_USE_MS) return;
    // Once more: another process may have taken it meanwhile.
    if ((await usageOf(path)).used > used) continue;
    await rm(path, { force: true });
    total -= size;
  }
}

async function usageOf(path: string): Promise<{ size: number; used: number }> {
  const file = await stat(path).catch(() => null); // gone: another process sweeps, too
  return { size: file?.size ?? 0, used: file?.mtimeMs ?? 0 };
}
