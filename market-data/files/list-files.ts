import { createHash } from 'node:crypto';
import { basename, extname } from 'node:path';
import { DAY_MS } from '../../engine/timeframes/local-time.ts';
import { HoldfastError } from '../../shared/errors.ts';
import type { TimeRange } from '../range.ts';
import type { FilesSource } from './config.ts';
import type { FileStorage, StoredFile } from './storage.ts';

export interface TableFile extends StoredFile {
  /** Where its name or folder says it. */
  symbol: string | null;
  /** Midnight UTC, where its folder says it. */
  day: number | null;
}

/** A file that can be read. */
export interface LocalFile extends TableFile {
  path: string;
}

export interface TableFiles {
  files: TableFile[];
  /** Changes with the files. */
  revision: string;
}

/** The files of a source, by their paths. Fails as the storage does, and with `source_unavailable` where there is none. */
export async function listFiles(config: FilesSource, storage: FileStorage): Promise<TableFiles> {
  const stored = await storage.list();
  if (stored.length === 0)
    throw new HoldfastError('source_unavailable', `The source "${config.name}" has no .${config.format} file in ${config.path}.`);
  return { files: stored.map((file) => ({ ...file, ...factsOf(file.key, config) })), revision: revisionOf(stored) };
}

export function revisionOf(files: readonly StoredFile[]): string {
  const facts = files.map(({ key, bytes, version }) => `${key} ${bytes} ${version}`);
  return createHash('sha256').update(facts.join('\n')).digest('hex');
}

/** The files that may have bars of these symbols in this range. */
export function filesOf(files: readonly TableFile[], symbols: readonly string[], { start, end }: TimeRange): TableFile[] {
  const isAsked = ({ symbol, day }: TableFile): boolean =>
    (symbol === null || symbols.includes(symbol)) &&
    // A day of another zone begins up to fourteen hours earlier or twelve later.
    (day === null || (day + 2 * DAY_MS > start && day - DAY_MS < end));
  return files.filter(isAsked);
}

function factsOf(key: string, { columns, symbolInFileName, dayPartition }: FilesSource): Pick<TableFile, 'symbol' | 'day'> {
  const folders = key.split('/').slice(0, -1);
  const valueOf = (name: string | undefined): string | undefined =>
    folders.find((folder) => folder.startsWith(`${name}=`))?.slice(name!.length + 1);
  const inFolder = valueOf(columns.symbol);
  const day = Date.parse(valueOf(dayPartition) ?? '');
  return {
    symbol: inFolder === undefined ? (symbolInFileName ? basename(key, extname(key)) : null) : decodeURIComponent(inFolder),
    day: Number.isNaN(day) ? null : day,
  };
}
