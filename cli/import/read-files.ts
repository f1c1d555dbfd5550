import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { unzipSync } from 'fflate';
import { UsageError } from '../context.ts';
import { readerOf, type ImportedRow, type Reader } from './layouts.ts';

/** One table of bars. */
export interface ImportedTable {
  name: string;
  reader: Reader;
  rows: AsyncIterable<ImportedRow>;
}

/** The tables in files: CSV as it is, or zipped. Fails with {@link UsageError} where a layout is not known. */
export async function* readFiles(files: readonly string[]): AsyncGenerator<ImportedTable> {
  for (const file of files) {
    if (/\.zip$/i.test(file)) yield* readZip(file);
    else yield await openTable(path.basename(file), createReadStream(file));
  }
}

async function* readZip(file: string): AsyncGenerator<ImportedTable> {
  const entries = Object.entries(unzipSync(await readFile(file), { filter: ({ name }) => /\.(csv|txt)$/i.test(name) }));
  if (entries.length === 0) throw new UsageError(`${file} holds no .csv or .txt file.`);
  for (const [name, content] of entries) yield openTable(path.basename(name), Readable.from([content]));
}

async function openTable(name: string, content: Readable): Promise<ImportedTable> {
  const parser = parse({ bom: true, relax_column_count: true, skip_empty_lines: true, trim: true });
  content.once('error', (error) => parser.destroy(error));
  const rows = (content.pipe(parser) as AsyncIterable<string[]>)[Symbol.asyncIterator]();
  const first = await rows.next().catch((error: unknown) => {
    throw new UsageError(`${name} could not be read: ${error instanceof Error ? error.message : String(error)}`);
  });
  if (first.done) throw new UsageError(`${name} is empty.`);
  const reader = readerOf(first.value);
  if (reader === null) {
    throw new UsageError(
      `The layout of ${name} is not known: its first line is "${first.value.join(',').slice(0, 80)}". Give it the header ts,open,high,low,close,volume.`,
    );
  }
  return { name, reader, rows: barsIn(reader, first.value, rows) };
}

async function* barsIn(reader: Reader, first: string[], rest: AsyncIterator<string[]>): AsyncGenerator<ImportedRow> {
  const own = reader.hasHeader ? null : reader.read(first);
  if (own !== null) yield own;
  for (let next = await rest.next(); !next.done; next = await rest.next()) {
    const bar = reader.read(next.value);
    if (bar !== null) yield bar;
  }
}
