import type { SymbolInfo } from '../../shared/dataset.ts';
import { describeTable, zoneOf } from './bars-query.ts';
import type { FilesSource } from './config.ts';
import type { LocalFile, TableFile, TableFiles } from './list-files.ts';
import { openFiles } from './open-files.ts';
import type { FileStorage } from './storage.ts';
import type { TableRow } from './table-process.ts';
import { literal, type TableSession } from './table-session.ts';
import { textTime } from './time-expression.ts';

/** The symbols of a source. Where the paths of Parquet files say the symbol, only the ends of the files are read; else two columns. */
export async function readCoverage(config: FilesSource, storage: FileStorage, { files }: TableFiles): Promise<SymbolInfo[]> {
  const isInPath = isInPaths(config, files);
  const open = await openFiles(storage, files, { part: isInPath ? 'ends' : 'whole' });
  try {
    const rows = await (isInPath ? ofMetadata : ofColumns)(open.session, config, open.files);
    const columns = Object.keys(config.columns.extra);
    return rows.map((row) => ({
      symbol: String(row['symbol']),
      from: dateOf(row['first']),
      to: dateOf(row['last']),
      bars: Number(row['bars']),
      timeframe: config.timeframe,
      ...(columns.length > 0 && { columns }),
    }));
  } finally {
    await open.close();
  }
}

/** Whether paths say the symbols, and the ends of the files the rest. */
export function isInPaths({ format, symbol: only }: FilesSource, files: readonly TableFile[]): boolean {
  return format === 'parquet' && files.every(({ symbol }) => symbol !== null || only !== undefined);
}

/** Parts of Parquet files, in the order of their times; null where a file does not say it, or they overlap. */
export async function orderedParts(
  session: TableSession,
  config: FilesSource,
  files: readonly LocalFile[],
): Promise<{ files: LocalFile[]; starts: Float64Array } | null> {
  if (config.format !== 'parquet') return null;
  const rows = await session.rows(
    `SELECT file_name AS file, row_group_id AS part, ${statistic('min', zoneOf(config))} AS first, ${statistic('max', zoneOf(config))} AS last
      FROM parquet_metadata(${list(files)}) WHERE path_in_schema = ${literal(config.columns.ts)} ORDER BY first, file, part`,
  );
  const isApart = rows.every((row, k) => row['first'] !== null && (k === 0 || Number(row['first']) > Number(rows[k - 1]!['last'])));
  const order = [...new Set(rows.map((row) => row['file']))];
  // Each file is read as a whole, and each part in its place.
  const isWhole = rows.every(
    (row, k) =>
      k === 0 || (row['file'] === rows[k - 1]!['file'] ? Number(row['part']) > Number(rows[k - 1]!['part']) : Number(row['part']) === 0),
  );
  if (!isApart || !isWhole || order.length !== files.length) return null;
  return {
    files: order.map((path) => files.find((file) => file.path === path)!),
    starts: Float64Array.from(rows, (row) => Number(row['first'])),
  };
}

async function ofMetadata(session: TableSession, config: FilesSource, files: readonly LocalFile[]): Promise<TableRow[]> {
  const symbolOf = `(map([${files.map(({ path }) => literal(path)).join(', ')}], [${files.map(({ symbol }) => literal(symbol ?? config.symbol!)).join(', ')}])[file_name])`;
  return session.rows(
    `SELECT ${symbolOf} AS symbol, sum(row_group_num_rows) AS bars, min(${statistic('min', zoneOf(config))}) AS first, max(${statistic('max', zoneOf(config))}) AS last
      FROM parquet_metadata(${list(files)}) WHERE path_in_schema = ${literal(config.columns.ts)} GROUP BY 1 ORDER BY 1`,
  );
}

async function ofColumns(session: TableSession, config: FilesSource, files: readonly LocalFile[]): Promise<TableRow[]> {
  const { from, symbol, ts } = await describeTable(session, config, files);
  return session.rows(
    `SELECT ${symbol} AS symbol, count(*) AS bars, min(${ts}) AS first, max(${ts}) AS last FROM ${from} GROUP BY 1 ORDER BY 1`,
  );
}

/** As text in the metadata, whatever the type of the column. */
function statistic(side: 'min' | 'max', zone: string): string {
  return textTime(`coalesce(stats_${side}_value, stats_${side})`, zone);
}

function list(files: readonly LocalFile[]): string {
  return `[${files.map(({ path }) => literal(path)).join(', ')}]`;
}

function dateOf(ms: TableRow[string] | undefined): string | null {
  return ms === null || ms === undefined ? null : new Date(Number(ms)).toISOString().slice(0, 10);
}
