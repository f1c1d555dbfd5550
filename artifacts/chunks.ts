import * as z from 'zod';
import { ArtifactRef } from '../shared/artifact.ts';
import { HoldfastError } from '../shared/errors.ts';
import {
  CURVE_COLUMNS,
  ORDER_COLUMNS,
  PLOT_COLUMNS,
  TRADE_COLUMNS,
  type CurveBlock,
  type LogLine,
  type OrderBlock,
  type PlotBlock,
  type TradeBlock,
} from '../shared/series.ts';
import { floatTable, type Columns, type FloatTable } from './arrow.ts';
import { concatBytes } from './concat-bytes.ts';
import { joined, mapColumns } from './recut.ts';
import type { ArtifactStore } from './store.ts';

/** What one slice of a simulation appended: the equity points of its bars, the trades that ended in them, what became of orders, and what was logged. */
export interface Chunk {
  /** The chunk before; null for the first. */
  previous: ArtifactRef | null;
  fromBar: number;
  toBar: number;
  curve: CurveBlock;
  trades: TradeBlock;
  orders: OrderBlock;
  logs: readonly LogLine[];
  /** Absent where the strategy noted nothing. */
  plots?: PlotBlock;
}

/** What a chunk holds beside its curve and its log. */
export type Events = Pick<Chunk, 'trades' | 'orders' | 'plots'>;

export interface ChunkStore {
  append(scope: string, chunk: Chunk): Promise<ArtifactRef>;
  /** The chunk. Its curve is a view on the file's bytes; the rest stands for itself and may be kept without the curve. */
  read(ref: ArtifactRef): Promise<Chunk>;
  /** As {@link ChunkStore.chain}, of what was traded and noted alone: curves are not read, and nothing is checked against its hash. */
  events(last: ArtifactRef | null): AsyncIterable<Events>;
  /** Which bars a chunk holds and which one comes before it, from its header alone. */
  readHead(ref: ArtifactRef): Promise<Pick<Chunk, 'previous' | 'fromBar' | 'toBar'>>;
  /** All chunks up to `last` in bar order. Only headers are read on the way back, so that one chunk at a time is in memory. */
  chain(last: ArtifactRef | null): AsyncIterable<Chunk>;
}

/** Header of a chunk file: 8 bytes of mark, 8 of its length, then JSON; three or four tables follow, each at a multiple of 8 bytes, and the log as JSON. */
const Header = z.strictObject({
  previous: ArtifactRef.nullable(),
  fromBar: z.int(),
  toBar: z.int(),
  curveBytes: z.int(),
  tradeBytes: z.int(),
  orderBytes: z.int(),
  plotBytes: z.int().default(0),
});
type Header = z.infer<typeof Header>;

const MARK = 'HFCHUNK2';
const PREFIX_BYTES = 16;
/** Enough for any header: the only text of free length in it is the scope, of 250 bytes at most. */
const HEAD_BYTES = 2048;

const curveTable = floatTable(CURVE_COLUMNS);
const tradeTable = floatTable(TRADE_COLUMNS);
const orderTable = floatTable(ORDER_COLUMNS);
const plotTable = floatTable(PLOT_COLUMNS);

export function createChunkStore(artifacts: ArtifactStore): ChunkStore {
  async function append(scope: string, chunk: Chunk): Promise<ArtifactRef> {
    const { previous, fromBar, toBar } = chunk;
    const curve = curveTable.encodeParts([chunk.curve]);
    const trades = tradeTable.encodeParts([chunk.trades]);
    const orders = orderTable.encodeParts([chunk.orders]);
    const plots = chunk.plots === undefined ? [] : plotTable.encodeParts([chunk.plots]);
    const lengths = { curveBytes: lengthOf(curve), tradeBytes: lengthOf(trades), orderBytes: lengthOf(orders), plotBytes: lengthOf(plots) };
    const header = encodeHeader({ previous, fromBar, toBar, ...lengths });
    const logs = Buffer.from(JSON.stringify(chunk.logs));
    return artifacts.putStream(scope, [header, ...curve, ...trades, ...orders, ...plots, logs], () => chunk.curve.ts.length);
  }

  async function read(ref: ArtifactRef): Promise<Chunk> {
    const bytes = await artifacts.get(ref);
    const { header, end } = decodeHeader(bytes, ref);
    const curveEnd = end + header.curveBytes;
    const eventsEnd = curveEnd + eventBytes(header);
    return {
      previous: header.previous,
      fromBar: header.fromBar,
      toBar: header.toBar,
      curve: joined(CURVE_COLUMNS, curveTable.decode(bytes.subarray(end, curveEnd))),
      ...decodeEvents(bytes.subarray(curveEnd, eventsEnd), header),
      logs: JSON.parse(new TextDecoder().decode(bytes.subarray(eventsEnd))) as LogLine[],
    };
  }

  async function readEvents(ref: ArtifactRef): Promise<Events> {
    const { header, end } = decodeHeader(await artifacts.getHead(ref, HEAD_BYTES), ref);
    return decodeEvents(await artifacts.getRange(ref, end + header.curveBytes, eventBytes(header)), header);
  }

  const readHead = async (ref: ArtifactRef): Promise<Header> => decodeHeader(await artifacts.getHead(ref, HEAD_BYTES), ref).header;

  async function refsUpTo(last: ArtifactRef | null): Promise<ArtifactRef[]> {
    const refs: ArtifactRef[] = [];
    for (let ref = last; ref !== null;) {
      refs.push(ref);
      ref = (await readHead(ref)).previous;
    }
    return refs.toReversed();
  }

  async function* chain(last: ArtifactRef | null): AsyncGenerator<Chunk> {
    for (const ref of await refsUpTo(last)) yield await read(ref);
  }

  async function* events(last: ArtifactRef | null): AsyncGenerator<Events> {
    for (const ref of await refsUpTo(last)) yield await readEvents(ref);
  }

  return { append, read, readHead, chain, events };
}

function eventBytes({ tradeBytes, orderBytes, plotBytes }: Header): number {
  return tradeBytes + orderBytes + plotBytes;
}

function decodeEvents(bytes: Uint8Array, { tradeBytes, plotBytes }: Header): Events {
  const orderEnd = bytes.length - plotBytes;
  return {
    trades: copied(tradeTable, bytes.subarray(0, tradeBytes)),
    orders: copied(orderTable, bytes.subarray(tradeBytes, orderEnd)),
    ...(plotBytes > 0 && { plots: copied(plotTable, bytes.subarray(orderEnd)) }),
  };
}

function copied<Name extends string>(table: FloatTable<Name>, bytes: Uint8Array): Columns<Name> {
  const columns = joined(table.names, table.decode(bytes));
  return mapColumns(table.names, (name) => columns[name].slice());
}

function encodeHeader(header: Header): Uint8Array {
  const json = JSON.stringify(header);
  const padded = json.padEnd(Math.ceil(json.length / 8) * 8); // ASCII only: the scope in a uri is escaped
  const prefix = new Uint8Array(PREFIX_BYTES);
  prefix.set(Buffer.from(MARK));
  new DataView(prefix.buffer).setUint32(8, padded.length, true);
  return concatBytes([prefix, Buffer.from(padded)]);
}

function lengthOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => sum + part.length, 0);
}

/** Checks all it reads, since the head of a file comes without a check of its hash. */
function decodeHeader(bytes: Uint8Array, ref: ArtifactRef): { header: Header; end: number } {
  const decoder = new TextDecoder();
  if (bytes.length < PREFIX_BYTES || decoder.decode(bytes.subarray(0, MARK.length)) !== MARK) throw notAChunk(ref);
  const end = PREFIX_BYTES + new DataView(bytes.buffer, bytes.byteOffset).getUint32(8, true);
  try {
    return { header: Header.parse(JSON.parse(decoder.decode(bytes.subarray(PREFIX_BYTES, end)))), end };
  } catch (error) {
    throw notAChunk(ref, error);
  }
}

function notAChunk(ref: ArtifactRef, cause?: unknown): HoldfastError {
  return new HoldfastError('artifact_damaged', `The artifact ${ref.uri} is not a chunk of a run. Start the run again.`, { cause });
}
