import {
  Dictionary,
  Field,
  Float64,
  Int16,
  makeData,
  Schema,
  TimestampMillisecond,
  Utf8,
  vectorFromArray,
  type RecordBatch,
  type Vector,
} from 'apache-arrow';
import { createIpcWriter, readBatches, recordBatch, valuesOf } from '../artifacts/arrow.ts';
import type { ArtifactStore } from '../artifacts/store.ts';
import type { ArtifactRef } from '../shared/artifact.ts';
import { type Bars, type Dataset, PRICE_COLUMNS } from '../shared/bars.ts';

export interface DatasetStore {
  /** Stores the bars as one immutable file. */
  write(scope: string, bars: readonly Bars[]): Promise<ArtifactRef>;
  /** The dataset in memory that threads can share; its columns are views on the file. */
  read(ref: ArtifactRef): Promise<Dataset>;
}

/** A fixed id: the library would count its own up, and the same bars would give other bytes. */
const SYMBOL_TYPE = new Dictionary(new Utf8(), new Int16(), 0);
const SCHEMA = new Schema([
  new Field('symbol', SYMBOL_TYPE, false),
  new Field('ts', new TimestampMillisecond('UTC'), false),
  ...PRICE_COLUMNS.map((name) => new Field(name, new Float64(), false)),
]);

/**
 * Datasets as Arrow IPC files, which pandas, Polars and DuckDB read: `symbol` (dictionary), `ts` (timestamp[ms, UTC]), `open`, `high`, `low`,
 * `close`, `volume`; one record batch a symbol.
 */
export function createDatasetStore(artifacts: ArtifactStore): DatasetStore {
  async function write(scope: string, bars: readonly Bars[]): Promise<ArtifactRef> {
    const rows = bars.reduce((sum, instrument) => sum + instrument.ts.length, 0);
    return artifacts.putStream(scope, encode(bars), () => rows);
  }

  async function read(ref: ArtifactRef): Promise<Dataset> {
    const bytes = await artifacts.getShared(ref);
    return { sha256: ref.sha256, instruments: readBatches(bytes).map(toBars) };
  }

  return { write, read };
}

function* encode(bars: readonly Bars[]): Generator<Uint8Array> {
  const writer = createIpcWriter('file', SCHEMA);
  const symbols = vectorFromArray(
    bars.map((instrument) => instrument.symbol),
    new Utf8(),
  );
  for (const [index, instrument] of bars.entries()) yield* writer.write(toBatch(instrument, index, symbols));
  yield* writer.finish();
}

function toBatch(bars: Bars, symbolIndex: number, symbols: Vector<Utf8>): RecordBatch {
  const length = bars.ts.length;
  const column = { length, nullCount: 0 };
  return recordBatch(SCHEMA, [
    makeData({ ...column, type: SYMBOL_TYPE, data: new Int16Array(length).fill(symbolIndex), dictionary: symbols }),
    makeData({ ...column, type: new TimestampMillisecond('UTC'), data: toInt64(bars.ts) }),
    ...PRICE_COLUMNS.map((name) => makeData({ ...column, type: new Float64(), data: bars[name] })),
  ]);
}

function toBars(batch: RecordBatch): Bars {
  const prices = PRICE_COLUMNS.map((name, index) => [name, valuesOf(batch, index + 2) as Float64Array] as const);
  const ts = toFloat64InPlace(valuesOf(batch, 1) as BigInt64Array);
  const symbol = batch.getChildAt(0)!.get(0) as string;
  return { symbol, ts, ...Object.fromEntries(prices) } as Bars;
}

function toInt64(ts: Float64Array): BigInt64Array {
  const integers = new BigInt64Array(ts.length);
  const halves = new Int32Array(integers.buffer);
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
