import { dirname } from 'node:path';
import { PRICE_COLUMNS } from '../../shared/bars.ts';
import type { ArtifactRef } from '../../shared/artifact.ts';
import { DataQuality } from '../../shared/data-quality.ts';
import type { SymbolInfo } from '../../shared/dataset.ts';
import { HoldfastError, type Fault } from '../../shared/errors.ts';
import { timeframeMs } from '../../shared/spec.ts';
import type { Upload } from '../../shared/upload.ts';
import type { DatasetStore } from '../dataset-store.ts';
import { numberBlocks } from '../files/number-blocks.ts';
import { literal, openTables, TableError, type TableSession } from '../files/table-session.ts';
import { createQualityControl } from '../quality/quality-control.ts';
import type { BarBlock } from '../time-chunks.ts';
import { readCsvHeader } from './csv-header.ts';
import { hasOpenQuote } from './csv-quotes.ts';
import { isFooterSmall, parquetSize } from './parquet-size.ts';
import { columnCountFaults, uploadColumns, type UploadColumns } from './upload-columns.ts';
import { csvTable, loadBars, nestedFaults, parquetTable, type RawTable } from './upload-table.ts';

/** A table of bars as it came in. */
export interface UploadedFile {
  path: string;
  format: 'csv' | 'parquet';
  timeframe: string;
  /** That of all bars, where no column says it. */
  symbol?: string | undefined;
}

export interface UploadLimits {
  /** Bars times columns times eight, and what a Parquet file says that its columns take: known before they are read. */
  decodedBytes: number;
  symbols: number;
  /** For reading it all. */
  milliseconds: number;
}

const MOST_FAULTS = 20;
const DAY_MS = 86_400_000;
/** Times that rows may lie on the disk while they are put in order. */
const SORTING = 4;

/**
 * Reads an uploaded table and stores its bars, in the order of time, as a dataset of the owner. Fails with `bad_data` and every fault at once, with lines
 * and columns, or with `payload_too_large`.
 */
export async function readUpload(
  file: UploadedFile,
  to: { datasets: DatasetStore; owner: string; limits: UploadLimits; signal: AbortSignal },
): Promise<Pick<Upload, 'ref' | 'symbols' | 'quality'>> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(tooSlow(to.limits)), to.limits.milliseconds);
  const signal = AbortSignal.any([to.signal, late.signal]);
  const session = await openTables([dirname(file.path)], { signal, temporaryMb: (to.limits.decodedBytes * SORTING) / 2 ** 20 });
  try {
    const { raw, columns } = file.format === 'csv' ? await openCsv(file) : await openParquet(session, file, to.limits);
    refuse(await loadBars(session, raw, columns, file.symbol));
    return await storeBars(session, { file, columns, ...to });
  } finally {
    clearTimeout(timer);
    await session.close();
  }
}

interface OpenTable {
  raw: RawTable;
  columns: UploadColumns;
}

async function openCsv({ path, symbol }: UploadedFile): Promise<OpenTable> {
  const header = await readCsvHeader(path);
  if ('faults' in header) throw unfit(header.faults);
  const { columns, faults } = uploadColumns(header.names, symbol);
  refuse(faults);
  if (await hasOpenQuote(path)) throw unfit([{ path: 'rows', message: 'a quote is opened and never closed' }]);
  return { raw: csvTable(path, header.names), columns };
}

async function openParquet(session: TableSession, { path, symbol }: UploadedFile, limits: UploadLimits): Promise<OpenTable> {
  const read = (sql: string) =>
    session.rows(sql).catch((error: unknown) => {
      if (!(error instanceof TableError)) throw error;
      throw unfit([{ path: 'file', message: 'this is not a Parquet file, or it is damaged' }]);
    });
  if (!(await isFooterSmall(path)))
    throw unfit([{ path: 'file', message: 'it lists more groups and columns than bars need: write it with larger row groups' }]);
  const size = await parquetSize(path, read);
  refuse(columnCountFaults(size.columns));
  refuseLarge(Math.max(size.bytes, size.rows * size.columns * 8), limits);
  const described = await read(`DESCRIBE SELECT * FROM read_parquet(${literal(path)}, binary_as_string = true)`);
  const types = new Map(described.map((row) => [String(row['column_name']), String(row['column_type'])]));
  const { columns, faults } = uploadColumns([...types.keys()], symbol);
  refuse([...faults, ...nestedFaults(types)]);
  return { raw: parquetTable(path, types), columns };
}

interface Storing {
  file: UploadedFile;
  columns: UploadColumns;
  datasets: DatasetStore;
  owner: string;
  limits: UploadLimits;
}

async function storeBars(
  session: TableSession,
  { file, columns, datasets, owner, limits }: Storing,
): Promise<Pick<Upload, 'ref' | 'symbols' | 'quality'>> {
  const facts = await session.rows(
    'SELECT symbol, count(*) AS bars, min(ts) AS first, max(ts) AS last FROM bars GROUP BY symbol ORDER BY symbol',
  );
  if (facts.length === 0) throw unfit([{ path: 'rows', message: 'there is not a single bar below the header' }]);
  if (facts.length > limits.symbols)
    throw unfit([{ path: 'symbol', message: `there are ${facts.length} symbols, and ${limits.symbols} at most are stored` }]);
  const extra = columns.numbers.slice(PRICE_COLUMNS.length).map(({ name }) => name);
  const symbols = facts.map((row): SymbolInfo => {
    const [from, to] = [row['first'], row['last']].map((time) => new Date(Number(time)).toISOString().slice(0, 10));
    return {
      symbol: String(row['symbol']),
      from: from!,
      to: to!,
      bars: Number(row['bars']),
      timeframe: file.timeframe,
      ...(extra.length > 0 && { columns: extra }),
    };
  });
  refuseLarge(symbols.reduce((sum, { bars }) => sum + bars!, 0) * (columns.numbers.length + 1) * 8, limits);
  // What a run does about faults is up to the run: here they are only counted.
  const quality = createQualityControl({ timeframe: file.timeframe, quality: LENIENT });
  const blocks = passing(
    checkedBlocks(session, file, { symbols: symbols.map(({ symbol }) => symbol), extra }),
    (block) => void quality.pass(block),
  );
  const holder: { report: Upload['quality'] | null } = { report: null };
  const ref: ArtifactRef = await datasets.write(owner, blocks, () => ({ quality: (holder.report = quality.report()) }));
  return { ref, symbols, quality: holder.report! };
}

const LENIENT = DataQuality.parse({ unsorted: 'repair', duplicates: 'repair', prices: 'repair', ohlc: 'repair' });

async function* checkedBlocks(
  session: TableSession,
  file: UploadedFile,
  layout: { symbols: readonly string[]; extra: readonly string[] },
): AsyncGenerator<BarBlock> {
  await session.rows('CREATE TYPE name AS ENUM (SELECT DISTINCT symbol FROM bars ORDER BY symbol)');
  const values = [...Array.from({ length: PRICE_COLUMNS.length + layout.extra.length }, (_, index) => `c${index}`), 'line::DOUBLE'];
  // Which symbol a row is of, where there are several.
  const place = layout.symbols.length > 1 ? ['enum_code(symbol::name)::DOUBLE AS place'] : [];
  const sql = `SELECT ${[...place, 'ts', ...values].join(', ')} FROM bars ORDER BY ts, symbol::name, line`;
  const check = createTimeCheck(file, layout.symbols);
  const lines = '\u0000line';
  for await (const block of numberBlocks(session.numbers(sql), { ...layout, extra: [...layout.extra, lines] })) {
    check.pass(block.map((bars) => ({ ts: bars.ts, line: bars.extra![lines]! })));
    if (check.faults.length >= MOST_FAULTS) break;
    yield block.map(({ extra, ...bars }) => {
      const { [lines]: _, ...own } = extra!;
      return layout.extra.length > 0 ? { ...bars, extra: own } : bars;
    });
  }
  refuse(check.faults);
}

/** Times of a symbol that are there twice, or nearer to each other than its bars are long. */
function createTimeCheck({ timeframe }: UploadedFile, symbols: readonly string[]) {
  const length = timeframeMs(timeframe);
  const last = symbols.map(() => ({ ts: -Infinity, line: 0 }));
  const faults: Fault[] = [];
  const add = (message: string): void => {
    if (faults.length < MOST_FAULTS) faults.push({ path: 'ts', message });
  };
  function look(symbol: number, ts: number, line: number): void {
    const before = last[symbol]!;
    const at = `line ${line} (${symbols[symbol]} at ${new Date(ts).toISOString()})`;
    if (length >= DAY_MS && ts % DAY_MS !== 0) add(`${at}: a bar of ${timeframe} carries a date, and no time of the day`);
    else if (ts === before.ts) add(`${at}: there is a bar of this time already, in line ${before.line}`);
    else if (ts - before.ts < Math.min(length, DAY_MS))
      add(`${at}: it opens ${(ts - before.ts) / 1000} s after the one before, and bars of ${timeframe} are longer: name another timeframe`);
    before.ts = ts;
    before.line = line;
  }
  return {
    faults,
    pass(block: readonly { ts: Float64Array; line: Float64Array }[]): void {
      for (const [symbol, { ts, line }] of block.entries()) for (let i = 0; i < ts.length; i++) look(symbol, ts[i]!, line[i]!);
    },
  };
}

async function* passing(blocks: AsyncIterable<BarBlock>, look: (block: BarBlock) => void): AsyncGenerator<BarBlock> {
  for await (const block of blocks) {
    look(block);
    yield block;
  }
}

function refuseLarge(bytes: number, { decodedBytes }: UploadLimits): void {
  if (bytes <= decodedBytes) return;
  const megabytes = (size: number): string => `${Math.ceil(size / 2 ** 20).toLocaleString('en')} MB`;
  throw new HoldfastError(
    'payload_too_large',
    `The bars would take ${megabytes(bytes)}, and an upload may take ${megabytes(decodedBytes)}. Upload fewer columns or a shorter range, or put the file into a folder of its own (HOLDFAST_SOURCES).`,
  );
}

function tooSlow({ milliseconds }: UploadLimits): HoldfastError {
  const text = `The file was not read within ${Math.round(milliseconds / 1000)} s. Upload a shorter range, or put the file into a folder of its own (HOLDFAST_SOURCES).`;
  return new HoldfastError('payload_too_large', text);
}

function refuse(faults: readonly Fault[]): void {
  if (faults.length > 0) throw unfit(faults);
}

function unfit(faults: readonly Fault[]): HoldfastError {
  return new HoldfastError('bad_data', 'The file was not stored. Correct what "errors" lists, and upload it again.', { faults });
}
