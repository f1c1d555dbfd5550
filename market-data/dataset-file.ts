import {
  Dictionary,
  Field,
  Float64,
  Int16,
  makeData,
  RecordBatch,
  Schema,
  TimestampMillisecond,
  Utf8,
  vectorFromArray,
  type Vector,
} from 'apache-arrow';
import { createIpcWriter, recordBatch, valuesOf } from '../artifacts/arrow.ts';
import { mergeTimes } from '../engine/timeframes/merge-times.ts';
import { type Bars, type Dataset, PRICE_COLUMNS } from '../shared/bars.ts';
import type { QualityReport } from '../shared/data-quality.ts';
import { actionFacts, actionsIn, membershipFacts, membershipIn, qualityFacts, zoneFacts } from './dataset-facts.ts';
import { createSpareMemory, type SpareMemory } from './spare-memory.ts';
import { columnOf, timeChunks, type BarBlock } from './time-chunks.ts';

/** What lies in a dataset's file, so that a stretch of time is found without reading the rest. */
export interface DatasetIndex {
  symbols: readonly string[];
  chunks: readonly ChunkIndex[];
}

/** One stretch of time. */
export interface ChunkIndex {
  /** Bars of each symbol. */
  rows: readonly number[];
  /** Time of each symbol's first bar; null where it has none. */
  first: readonly (number | null)[];
  /** Different times: of all symbols, and of all but the last, which may be there for comparison only. */
  times: readonly [all: number, butLast: number];
}

/** What is known of a dataset when all its bars are there. */
export interface KnownAtEnd {
  zone?: Dataset['zone'];
  quality?: QualityReport | undefined;
}

/** Rows of a chunk, over all symbols: 3.5 MB. A part of the format, since another size gives other bytes. */
const CHUNK_ROWS = 65_536;
/** Name in the metadata of the last record batch, which has no rows. */
const INDEX = 'index';
/** A fixed id: the library would count its own up, and the same bars would give other bytes. */
const SYMBOL_TYPE = new Dictionary(new Utf8(), new Int16(), 0);
const OWN_FIELDS = [
  new Field('symbol', SYMBOL_TYPE, false),
  new Field('ts', new TimestampMillisecond('UTC'), false),
  ...PRICE_COLUMNS.map((name) => new Field(name, new Float64(), false)),
];

/**
 * Datasets as Arrow IPC files, which pandas, Polars and DuckDB read: `symbol` (dictionary), `ts` (timestamp[ms, UTC]), `open`, `high`, `low`,
 * `close`, `volume`, then any extra columns in the order of their names. Each record batch is a stretch of time, symbol after symbol; a last one without
 * rows carries index, time zone and the report on the quality, which are known at the end only. The schema's metadata holds corporate actions and membership in a
 * universe as JSON.
 */
export async function* encodeDataset(
  blocks: AsyncIterable<BarBlock>,
  { atEnd, chunkRows = CHUNK_ROWS }: { atEnd: () => KnownAtEnd; chunkRows?: number | undefined },
): AsyncGenerator<Uint8Array> {
  const chunks: ChunkIndex[] = [];
  let file: FileWriter | null = null;
  for await (const chunk of timeChunks(blocks, (symbols) => Math.max(1, Math.floor(chunkRows / symbols)))) {
    file ??= openFile(chunk);
    chunks.push(indexOf(chunk));
    yield* file.write(chunk);
  }
  if (file === null) throw new TypeError('a dataset has at least one bar');
  yield* file.finish(chunks, atEnd());
}

/** The bars of a chunk as views on a record batch; actions come with every chunk. */
export function chunkBars(batch: RecordBatch, { symbols }: DatasetIndex, { rows }: ChunkIndex): Bars[] {
  const extra = batch.schema.fields.slice(OWN_FIELDS.length).map(({ name }) => name);
  const actions = actionsIn(batch.schema.metadata);
  const membership = membershipIn(batch.schema.metadata);
  const ts = toFloat64InPlace(valuesOf(batch, 1) as BigInt64Array);
  const starts = rows.map((_, s) => rows.slice(0, s).reduce((sum, count) => sum + count, 0));
  return symbols.map((symbol, s) => {
    const cut = (column: Float64Array) => column.subarray(starts[s], starts[s]! + rows[s]!);
    const numbers = (names: readonly string[], first: number) =>
      Object.fromEntries(names.map((name, index) => [name, cut(valuesOf(batch, first + index) as Float64Array)]));
    const own = actions.get(symbol);
    const held = membership.get(symbol);
    const prices = numbers(PRICE_COLUMNS, 2) as Record<(typeof PRICE_COLUMNS)[number], Float64Array>;
    const further = extra.length > 0 && { extra: numbers(extra, OWN_FIELDS.length) };
    return { symbol, ts: cut(ts), ...prices, ...(own && { actions: own }), ...(held && { membership: held }), ...further };
  });
}

/** The index, from the last record batch. */
export function datasetIndex(last: RecordBatch): DatasetIndex {
  return JSON.parse(last.metadata.get(INDEX)!) as DatasetIndex;
}

interface FileWriter {
  write(chunk: BarBlock): Uint8Array[];
  finish(chunks: readonly ChunkIndex[], known: KnownAtEnd): Uint8Array[];
}

function openFile(first: BarBlock): FileWriter {
  const extra = [...new Set(first.flatMap((bars) => Object.keys(bars.extra ?? {})))].toSorted();
  const symbols = first.map(({ symbol }) => symbol);
  const schema = new Schema(
    [...OWN_FIELDS, ...extra.map((name) => new Field(name, new Float64(), false))],
    new Map([...actionFacts(first), ...membershipFacts(first)]),
  );
  const layout = { schema, extra, dictionary: vectorFromArray(symbols, new Utf8()), spare: createSpareMemory() };
  const writer = createIpcWriter('file', schema);
  return {
    write: (chunk) => writer.write(toBatch(layout, chunk)),
    finish(chunks, { zone, quality }) {
      const index: DatasetIndex = { symbols, chunks };
      const facts = new Map([...zoneFacts(zone), ...qualityFacts(quality), [INDEX, JSON.stringify(index)]]);
      return [...writer.write(new RecordBatch(schema, toBatch(layout, []).data, facts)), ...writer.finish()];
    },
  };
}

function indexOf(chunk: BarBlock): ChunkIndex {
  const times = chunk.map(({ ts }) => ts);
  return {
    rows: times.map(({ length }) => length),
    first: times.map((ts) => ts[0] ?? null),
    times: [mergeTimes(times).length, mergeTimes(times.slice(0, -1)).length],
  };
}

interface Layout {
  schema: Schema;
  extra: readonly string[];
  dictionary: Vector<Utf8>;
  spare: SpareMemory;
}

/** Good until the next but one is made. */
function toBatch({ schema, extra, dictionary, spare }: Layout, chunk: BarBlock): RecordBatch {
  const length = chunk.reduce((sum, { ts }) => sum + ts.length, 0);
  const column = { length, nullCount: 0 };
  spare.turn();
  const symbols = new Int16Array(spare.bytes('symbols', 2 * length), 0, length);
  let at = 0;
  for (const [symbol, { ts }] of chunk.entries()) symbols.fill(symbol, at, (at += ts.length));
  const joined = (name: string) => {
    const [only, another] = chunk;
    if (only !== undefined && another === undefined) return columnOf(only, name);
    const whole = spare.doubles(name, length);
    let from = 0;
    for (const bars of chunk) {
      whole.set(columnOf(bars, name), from);
      from += bars.ts.length;
    }
    return whole;
  };
  return recordBatch(schema, [
    makeData({ ...column, type: SYMBOL_TYPE, data: symbols, dictionary }),
    makeData({ ...column, type: new TimestampMillisecond('UTC'), data: toInt64(joined('ts'), spare.bytes('times', 8 * length)) }),
    ...[...PRICE_COLUMNS, ...extra].map((name) => makeData({ ...column, type: new Float64(), data: joined(name) })),
  ]);
}

function toInt64(ts: Float64Array, memory: ArrayBuffer): BigInt64Array {
  const integers = new BigInt64Array(memory, 0, ts.length);
  const halves = new Int32Array(memory, 0, 2 * ts.length);
  for (let i = 0; i < ts.length; i++) {
    const high = Math.floor(ts[i]! / 2 ** 32);
    halves[2 * i] = ts[i]! - high * 2 ** 32;
    halves[2 * i + 1] = high;
  }
  return integers;
}

/** Writes each time over its own eight bytes: the memory is this reader's own copy of the file, and a second column would add a sixth to it. */
function toFloat64InPlace(integers: BigInt64Array): Float64Array {
  const { buffer, byteOffset, length } = integers;
  const halves = new Int32Array(buffer, byteOffset, 2 * length);
  const ts = new Float64Array(buffer, byteOffset, length);
  for (let i = 0; i < length; i++) ts[i] = halves[2 * i + 1]! * 2 ** 32 + (halves[2 * i]! >>> 0);
  return ts;
}
