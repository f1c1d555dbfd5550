import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, extname, join, relative, sep } from 'node:path';
import { HoldfastError } from '../../shared/errors.ts';
import type { FilePlace, FileStorage, StoredFile } from './storage.ts';

/** A folder of this machine, or a single file. Links that lead out of the folder are left out. */
export function createFolderStorage({ source, path, format }: FilePlace): FileStorage {
  /** The folder, and its file where the place is a single one. */
  async function find(): Promise<{ root: string; only: string | null }> {
    const found = await realpath(path).catch((cause: unknown) => {
      throw new HoldfastError('source_unavailable', `The source "${source}" looks for ${path}, which is not there.`, { cause });
    });
    return (await stat(found)).isFile() ? { root: dirname(found), only: basename(found) } : { root: found, only: null };
  }

  return {
    async list() {
      const { root, only } = await find();
      const keys = only === null ? await keysBelow(root, format) : [only];
      return Promise.all(keys.map((key) => fileAt(root, key)));
    },
    async open(files) {
      const { root } = await find();
      return {
        root,
        files: files.map((file) => ({ ...file, path: join(root, ...file.key.split('/')) })),
        close: async () => undefined,
      };
    },
  };
}

async function keysBelow(root: string, format: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && extname(entry.name).toLowerCase() === `.${format}`)
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .toSorted();
}

async function fileAt(root: string, key: string): Promise<StoredFile> {
  const { size, mtimeMs } = await stat(join(root, ...key.split('/')));
  return { key, bytes: size, version: String(mtimeMs) };
}
