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
import { type Bars, type CorporateActions, type Dataset, PRICE_COLUMNS } from '../shared/bars.ts';
import { actionsIn, toFacts, zoneIn } from './dataset-facts.ts';

export interface DatasetStore {
  /** Stores the bars as one immutable file. Extra columns are the same for all symbols afterwards: NaN where a symbol had none. */
  write(scope: string, bars: readonly Bars[], zone?: Dataset['zone']): Promise<ArtifactRef>;
  /** The dataset in memory that threads can share; its columns are views on the file. */
  read(ref: ArtifactRef): Promise<Dataset>;
}

/** A fixed id: the library would count its own up, and the same bars would give other bytes. */
const SYMBOL_TYPE = new Dictionary(new Utf8(), new Int16(), 0);
const OWN_FIELDS = [
  new Field('symbol', SYMBOL_TYPE, false),
  new Field('ts', new TimestampMillisecond('UTC'), false),
  ...PRICE_COLUMNS.map((name) => new Field(name, new Float64(), false)),
];

/**
 * Datasets as Arrow IPC files, which pandas, Polars and DuckDB read: `symbol` (dictionary), `ts` (timestamp[ms, UTC]), `open`, `high`, `low`,
 * `close`, `volume`, then any extra columns in the order of their names; one record batch a symbol. The schema's metadata holds corporate
 * actions and the time zone as JSON.
 */
export function createDatasetStore(artifacts: ArtifactStore): DatasetStore {
  async function write(scope: string, bars: readonly Bars[], zone?: Dataset['zone']): Promise<ArtifactRef> {
    const rows = bars.reduce((sum, instrument) => sum + instrument.ts.length, 0);
    return artifacts.putStream(scope, encode(bars, zone), () => rows);
  }

  async function read(ref: ArtifactRef): Promise<Dataset> {
    const bytes = await artifacts.getShared(ref);
    const batches = readBatches(bytes);
    const facts = batches[0]?.schema.metadata ?? new Map<string, string>();
    const actions = actionsIn(facts);
    const zone = zoneIn(facts);
    return { sha256: ref.sha256, instruments: batches.map((batch) => toBars(batch, actions)), ...(zone && { zone }) };
  }

  return { write, read };
}

function* encode(bars: readonly Bars[], zone: Dataset['zone']): Generator<Uint8Array> {
  const extra = [...new Set(bars.flatMap((instrument) => Object.keys(instrument.extra ?? {})))].toSorted();
  const fields = [...OWN_FIELDS, ...extra.map((name) => new Field(name, new Float64(), false))];
  const table = { schema: new Schema(fields, toFacts(bars, zone)), extra };
  const writer = createIpcWriter('file', table.schema);
  const symbols = vectorFromArray(
    bars.map((instrument) => instrument.symbol),
    new Utf8(),
  );
  for (const [index, instrument] of bars.entries()) yield* writer.write(toBatch(table, instrument, index, symbols));
  yield* writer.finish();
}

interface Table {
  schema: Schema;
  extra: readonly string[];
}

function toBatch({ schema, extra }: Table, bars: Bars, symbolIndex: number, symbols: Vector<Utf8>): RecordBatch {
  const length = bars.ts.length;
  const column = { length, nullCount: 0 };
  const numbers = (data: Float64Array) => makeData({ ...column, type: new Float64(), data });
  return recordBatch(schema, [
    makeData({ ...column, type: SYMBOL_TYPE, data: new Int16Array(length).fill(symbolIndex), dictionary: symbols }),
    makeData({ ...column, type: new TimestampMillisecond('UTC'), data: toInt64(bars.ts) }),
    ...PRICE_COLUMNS.map((name) => numbers(bars[name])),
    ...extra.map((name) => numbers(bars.extra?.[name] ?? new Float64Array(length).fill(NaN))),
  ]);
}

function toBars(batch: RecordBatch, actionsOf: ReadonlyMap<string, CorporateActions>): Bars {
  const columns = batch.schema.fields.map(({ name }, index) => [name, index] as const);
  const numbers = (some: typeof columns) => Object.fromEntries(some.map(([name, index]) => [name, valuesOf(batch, index) as Float64Array]));
  const ts = toFloat64InPlace(valuesOf(batch, 1) as BigInt64Array);
  const symbol = batch.getChildAt(0)!.get(0) as string;
  const prices = numbers(columns.slice(2, OWN_FIELDS.length)) as Record<(typeof PRICE_COLUMNS)[number], Float64Array>;
  const actions = actionsOf.get(symbol);
  const extra = columns.slice(OWN_FIELDS.length);
  return { symbol, ts, ...prices, ...(actions && { actions }), ...(extra.length > 0 && { extra: numbers(extra) }) };
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
