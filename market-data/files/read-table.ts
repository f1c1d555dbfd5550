import { DAY_MS } from '../../engine/timeframes/local-time.ts';
import { HoldfastError } from '../../shared/errors.ts';
import { tableOf, timeOf } from './bars-query.ts';
import { openFiles } from './open-files.ts';
import type { FileStorage, StoredFile } from './storage.ts';
import type { TableRow } from './table-process.ts';
import { literal, quoted } from './table-session.ts';
import { told } from './told.ts';

/** What is read of a table: under each name a column, and what its values are. A day is midnight UTC in ms. */
type WantedColumns = Readonly<Record<string, { column: string; kind: 'text' | 'day' | 'number' }>>;

interface Wanted {
  /** For errors. */
  source: string;
  format: 'parquet' | 'csv';
  columns: WantedColumns;
  /** Only rows with one of these texts in a column. */
  where?: { column: string; values: readonly string[] } | undefined;
}

/** The rows of a small table in files; null where there is no value. Fails with `source_refused` where a column is missing, or a number is none. */
export async function readTable(
  storage: FileStorage,
  files: readonly StoredFile[],
  { source, format, columns, where }: Wanted,
  signal: AbortSignal,
): Promise<TableRow[]> {
  const open = await openFiles(storage, files, { signal });
  const { session } = open;
  try {
    const from = tableOf(format, open.files);
    const described = await told(source, () => session.rows(`DESCRIBE SELECT * FROM ${from}`));
    const types = new Map(described.map((row) => [String(row['column_name']), String(row['column_type'])]));
    const names = [...Object.values(columns).map(({ column }) => column), ...(where ? [where.column] : [])];
    const missing = names.filter((name) => !types.has(name));
    if (missing.length > 0) {
      const there = [...types.keys()].filter((name) => name !== 'filename').join(', ');
      const message = `A table of the source "${source}" has no column ${missing.join(', ')}; it has ${there}. Correct its "columns".`;
      throw new HoldfastError('source_refused', message);
    }
    const selected = Object.entries(columns).map(
      ([name, { column, kind }]) => `${SQL[kind](column, types.get(column)!)} AS ${quoted(name)}`,
    );
    const condition = where ? ` WHERE list_contains([${where.values.map(literal).join(', ')}], ${textOf(where.column)})` : '';
    return await told(source, () => session.rows(`SELECT ${selected.join(', ')} FROM ${from}${condition}`));
  } finally {
    await open.close();
  }
}

function textOf(column: string): string {
  return `nullif(trim(CAST(${quoted(column)} AS VARCHAR)), '')`;
}

const SQL = {
  text: textOf,
  number: (column: string) => `CAST(${textOf(column)} AS DOUBLE)`,
  day: (column: string, type: string) => {
    const day = `floor(${timeOf(column, type, 'UTC')} / ${DAY_MS}) * ${DAY_MS}`;
    const failing = `error(concat(${literal(`${column}: no date: `)}, ${textOf(column)}))::DOUBLE`;
    return `CASE WHEN ${textOf(column)} IS NOT NULL THEN coalesce(${day}, ${failing}) END`;
  },
};
