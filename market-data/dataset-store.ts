import type { FileHandle } from 'node:fs/promises';
import { RecordBatchReader, type AsyncRecordBatchFileReader } from 'apache-arrow';
import type { ArtifactStore } from '../artifacts/store.ts';
import type { ArtifactRef } from '../shared/artifact.ts';
import type { Bars, Dataset } from '../shared/bars.ts';
import { chunkBars, datasetIndex, encodeDataset, type DatasetIndex, type KnownAtEnd } from './dataset-file.ts';
import { qualityIn, zoneIn } from './dataset-facts.ts';
import { columnOf, withColumns, type BarBlock } from './time-chunks.ts';

export interface DatasetStore {
  /**
   * Stores the bars, given in the order of time, as one immutable file. Extra columns and actions are those of the first block, and extra columns are the same
   * for all symbols afterwards: NaN where a symbol had none. `atEnd` is called when all bars are known.
   */
  write(scope: string, blocks: Blocks, atEnd?: () => KnownAtEnd): Promise<ArtifactRef>;
  /** The whole dataset in one piece of memory that threads can share. */
  read(ref: ArtifactRef): Promise<Dataset>;
  /** For reading a dataset that is too large for memory, chunk by chunk. What is read is not checked against the hash: {@link DatasetStore.verify}. */
  open(ref: ArtifactRef): Promise<DatasetFile>;
  /** Checks the whole file against its hash, with little memory. */
  verify(ref: ArtifactRef): Promise<void>;
}

type Blocks = Iterable<BarBlock> | AsyncIterable<BarBlock>;

export interface DatasetFile extends DatasetIndex {
  readonly zone: Dataset['zone'];
  readonly quality: Dataset['quality'];
  /** The bars of one stretch of time, with every symbol's actions. */
  chunk(number: number): Promise<Bars[]>;
}

/** Up to this size a file is read at once, which is quicker and takes its memory twice for a moment; the columns of a single chunk are views on it. */
const SMALL_BYTES = 256 * 1024 * 1024;

/** Datasets as files; their format stands at {@link encodeDataset}. `chunkRows`: rows of a chunk, for tests that want many of them. */
export function createDatasetStore(artifacts: ArtifactStore, { chunkRows }: { chunkRows?: number } = {}): DatasetStore {
  async function write(scope: string, blocks: Blocks, atEnd: () => KnownAtEnd = () => ({})): Promise<ArtifactRef> {
    let rows = 0;
    async function* counted() {
      for await (const block of blocks) {
        rows += block.reduce((sum, { ts }) => sum + ts.length, 0);
        yield block;
      }
    }
    return artifacts.putStream(scope, encodeDataset(counted(), { atEnd, chunkRows }), () => rows);
  }

  async function open(ref: ArtifactRef): Promise<DatasetFile> {
    const reader = (await RecordBatchReader.from(rangeFile(artifacts, ref))) as AsyncRecordBatchFileReader;
    await reader.open();
    const last = await reader.readRecordBatch(reader.numRecordBatches - 1);
    const index = datasetIndex(last!);
    return {
      ...index,
      zone: zoneIn(last!.metadata),
      quality: qualityIn(last!.metadata),
      chunk: async (number) => chunkBars((await reader.readRecordBatch(number))!, index, index.chunks[number]!),
    };
  }

  async function read(ref: ArtifactRef): Promise<Dataset> {
    if (ref.bytes > SMALL_BYTES) {
      await artifacts.verify(ref);
      return wholeOf(ref, await open(ref));
    }
    const batches = [...RecordBatchReader.from(await artifacts.getShared(ref))];
    const last = batches.at(-1)!;
    const index = datasetIndex(last);
    const chunk = async (number: number) => chunkBars(batches[number]!, index, index.chunks[number]!);
    return wholeOf(ref, { ...index, zone: zoneIn(last.metadata), quality: qualityIn(last.metadata), chunk });
  }

  return { write, read, open, verify: (ref) => artifacts.verify(ref) };
}

async function wholeOf({ sha256 }: ArtifactRef, file: DatasetFile): Promise<Dataset> {
  const { zone, quality } = file;
  const instruments = file.chunks.length === 1 ? await file.chunk(0) : await joinChunks(file);
  return { sha256, instruments, ...(zone && { zone }), ...(quality && { quality }) };
}

async function joinChunks(file: DatasetFile): Promise<Bars[]> {
  const { symbols, chunks } = file;
  const first = await file.chunk(0);
  const rows = symbols.map((_, s) => chunks.reduce((sum, part) => sum + part.rows[s]!, 0));
  const columns = 6 + Object.keys(first[0]!.extra ?? {}).length;
  const memory = new SharedArrayBuffer(rows.reduce((sum, count) => sum + count, 0) * columns * Float64Array.BYTES_PER_ELEMENT);
  let at = 0;
  const take = (length: number): Float64Array => new Float64Array(memory, at, length);
  const whole = first.map((bars, s) =>
    withColumns(bars, () => {
      const column = take(rows[s]!);
      at += column.byteLength;
      return column;
    }),
  );
  const filled = rows.map(() => 0);
  for (const number of chunks.keys()) {
    for (const [s, bars] of (number === 0 ? first : await file.chunk(number)).entries()) {
      withColumns(bars, (name) => {
        columnOf(whole[s]!, name).set(columnOf(bars, name), filled[s]);
        return columnOf(bars, name);
      });
      filled[s]! += bars.ts.length;
    }
  }
  return whole;
}

/** An artifact as the library reads a file: some bytes at a time. Only what it uses is there. */
function rangeFile(artifacts: ArtifactStore, ref: ArtifactRef): FileHandle {
  const file = {
    fd: 0,
    stat: async () => ({ size: ref.bytes }),
    async read(buffer: Uint8Array, offset: number, length: number, position: number) {
      const bytes = await artifacts.getRange(ref, position, length);
      buffer.set(bytes, offset);
      return { buffer, bytesRead: bytes.length };
    },
    close: async () => undefined,
  };
  return file as unknown as FileHandle;
}
