import { createHash } from 'node:crypto';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, extname, join, relative, sep } from 'node:path';
import { DAY_MS } from '../../engine/timeframes/local-time.ts';
import { HoldfastError } from '../../shared/errors.ts';
import type { TimeRange } from '../range.ts';
import type { FilesSource } from './config.ts';

export interface TableFile {
  path: string;
  bytes: number;
  /** Of the last change, in ms. */
  changed: number;
  /** Where its name or folder says it. */
  symbol: string | null;
  /** Midnight UTC, where its folder says it. */
  day: number | null;
}

export interface TableFiles {
  /** Folder that may be read. */
  root: string;
  files: TableFile[];
  /** Changes with the files. */
  revision: string;
}

/** The files of a source, by their paths. Links that lead out of its folder are left out. Fails with `source_unavailable`. */
export async function listFiles(config: FilesSource): Promise<TableFiles> {
  const root = await realpath(config.path).catch((error: unknown) => {
    throw new HoldfastError('source_unavailable', `The source "${config.name}" looks for ${config.path}, which is not there.`, {
      cause: error,
    });
  });
  const isFile = (await stat(root)).isFile();
  const paths = isFile ? [root] : await pathsBelow(root, config.format);
  const files = await Promise.all(paths.map((path) => fileAt(path, root, config)));
  if (files.length === 0)
    throw new HoldfastError('source_unavailable', `The source "${config.name}" has no .${config.format} file in ${config.path}.`);
  const facts = files.map(({ path, bytes, changed }) => `${relative(root, path)} ${bytes} ${changed}`);
  const revision = createHash('sha256').update(facts.join('\n')).digest('hex');
  return { root: isFile ? join(root, '..') : root, files, revision };
}

/** The files that may have bars of these symbols in this range. */
export function filesOf(files: readonly TableFile[], symbols: readonly string[], { start, end }: TimeRange): TableFile[] {
  const isAsked = ({ symbol, day }: TableFile): boolean =>
    (symbol === null || symbols.includes(symbol)) &&
    // A day of another zone begins up to fourteen hours earlier or twelve later.
    (day === null || (day + 2 * DAY_MS > start && day - DAY_MS < end));
  return files.filter(isAsked);
}

async function pathsBelow(root: string, format: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && extname(entry.name).toLowerCase() === `.${format}`)
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
}

async function fileAt(path: string, root: string, { columns, symbolInFileName, dayPartition }: FilesSource): Promise<TableFile> {
  const { size, mtimeMs } = await stat(path);
  const folders = relative(root, path).split(sep).slice(0, -1);
  const valueOf = (name: string | undefined): string | undefined =>
    folders.find((folder) => folder.startsWith(`${name}=`))?.slice(name!.length + 1);
  const inFolder = valueOf(columns.symbol);
  const day = Date.parse(valueOf(dayPartition) ?? '');
  return {
    path,
    bytes: size,
    changed: mtimeMs,
    symbol: inFolder === undefined ? (symbolInFileName ? basename(path, extname(path)) : null) : decodeURIComponent(inFolder),
    day: Number.isNaN(day) ? null : day,
  };
}
