import { UsageError } from '../context.ts';
import type { ImportedRow } from './layouts.ts';
import type { ImportedTable } from './read-files.ts';

/** What the service is sent. */
export interface PreparedUpload {
  /** `Kraken`, or `generic`. */
  layout: string;
  symbol: string;
  /** By the smallest distance between the first bars. */
  timeframe: string;
  csv: AsyncIterable<string>;
}

/** Rows that are looked at before anything is sent. */
const LOOKED_AT = 1_000;

/** Tables of one layout as one CSV file with a column for the symbol. `symbol`: that of all, where the files do not say it. */
export async function prepareUpload(tables: AsyncGenerator<ImportedTable>, symbol: string | undefined): Promise<PreparedUpload> {
  const { value: first } = (await tables.next()) as IteratorResult<ImportedTable, undefined>;
  if (first === undefined) throw new UsageError('There is no file to import.');
  const rows = first.rows[Symbol.asyncIterator]();
  const head: ImportedRow[] = [];
  for (let next = await rows.next(); !next.done; next = await rows.next()) {
    head.push(next.value);
    if (head.length === LOOKED_AT) break;
  }
  if (head.length === 0) throw new UsageError(`${first.name} holds no bars.`);
  const { layout, extra } = first.reader;

  async function* csv(): AsyncGenerator<string> {
    yield `${['ts', 'symbol', 'open', 'high', 'low', 'close', 'volume', ...extra].map(field).join(',')}\n`;
    const ofFirst = symbol ?? symbolOf(first!.name);
    yield head.map((row) => line(row, ofFirst)).join('');
    for (let next = await rows.next(); !next.done; next = await rows.next()) yield line(next.value, ofFirst);
    for await (const { name, reader, rows: more } of tables) {
      if (reader.layout !== layout || reader.extra.join() !== extra.join())
        throw new UsageError(`${name} has other columns than ${first!.name} (${reader.layout}, ${layout}): import it by itself.`);
      for await (const row of more) yield line(row, symbol ?? symbolOf(name));
    }
  }
  return { layout, symbol: head[0]!.symbol ?? symbol ?? symbolOf(first.name), timeframe: timeframeOf(head), csv: csv() };
}

/** The symbol in a file's name, as vendors write it: AAPL.csv, aapl_us_d.csv, BTCUSDT-1m-2024-01.csv, XBTUSD_60.csv. */
export function symbolOf(file: string): string {
  return file
    .replace(/\.[^.]*$/, '')
    .replace(/(_|-\d).*$/, '')
    .toUpperCase();
}

function line({ ts, symbol, prices, extra }: ImportedRow, ofFile: string): string {
  return `${[ts, symbol ?? ofFile, ...prices, ...extra].map(field).join(',')}\n`;
}

function field(value: string): string {
  return /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
}

const UNITS: readonly [unit: string, ms: number][] = [
  ['w', 604_800_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
];

function timeframeOf(rows: readonly ImportedRow[]): string {
  let gap = Infinity;
  const last = new Map<string | null, number>();
  for (const { ts, symbol } of rows) {
    const time = momentOf(ts);
    const distance = Math.abs(time - (last.get(symbol) ?? NaN));
    if (distance > 0) gap = Math.min(gap, distance);
    last.set(symbol, time);
  }
  const [unit, ms] = UNITS.find(([, each]) => gap % each === 0) ?? ['d', 86_400_000];
  return gap === Infinity ? '1d' : `${gap / ms}${unit}`;
}

/** In ms. A time without a zone is UTC, as for the service; numbers since 1970 are told apart by their size. */
function momentOf(ts: string): number {
  if (/^-?\d+$/.test(ts) && !/^[12]\d{7}$/.test(ts)) {
    const size = ts.replace('-', '').length;
    return Math.round(Number(ts) * (size <= 11 ? 1e3 : size <= 14 ? 1 : size <= 17 ? 1e-3 : 1e-6));
  }
  const text = ts.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3').replace(' ', 'T');
  return Date.parse(/T/.test(text) && !/(Z|[+-]\d\d:?\d\d)$/.test(text) ? `${text}Z` : text);
}
