import { open } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import type { Fault } from '../../shared/errors.ts';

/** Beyond this a line is no header that anybody wrote. */
const MOST_BYTES = 64 * 1024;

/** The names in the first line of a CSV file, as they stand there; what is wrong with the line otherwise. */
export async function readCsvHeader(file: string): Promise<{ names: string[] } | { faults: Fault[] }> {
  const text = await readHead(file);
  const end = text.search(/[\r\n]/);
  if (end === -1 && text.length >= MOST_BYTES)
    return refused(`the first line is longer than ${MOST_BYTES} bytes: it is to be the header, with the names of the columns`);
  const line = end === -1 ? text : text.slice(0, end);
  if (line.trim() === '') return refused('there is no header: the first line is to have the names of the columns');
  if (!line.includes(',') && /[;\t|]/.test(line))
    return refused('columns are to be separated by commas, and decimals to be written with a point');
  try {
    const [names = []] = parse(line, { relax_quotes: false, trim: true });
    return { names };
  } catch {
    return refused('the first line is not CSV: a quote is open, or stands within a name');
  }
}

async function readHead(file: string): Promise<string> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(MOST_BYTES), 0, MOST_BYTES, 0);
    return buffer.toString('utf8', 0, bytesRead).replace(/^\uFEFF/, '');
  } finally {
    await handle.close();
  }
}

function refused(message: string): { faults: Fault[] } {
  return { faults: [{ path: 'header', message }] };
}
