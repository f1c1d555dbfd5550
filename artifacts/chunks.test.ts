import { describe, expect, it } from 'vitest';
import type { ArtifactRef } from '../shared/artifact.ts';
import { CURVE_COLUMNS, ORDER_COLUMNS, TRADE_COLUMNS } from '../shared/series.ts';
import { type Chunk, createChunkStore } from './chunks.ts';
import { numberedColumns } from './series-for-tests.ts';
import { temporaryStore } from './temporary-store.ts';

function chunkOf(previous: ArtifactRef | null, fromBar: number, bars: number, trades: number): Chunk {
  const curve = numberedColumns(CURVE_COLUMNS, bars);
  curve.equity.forEach((_, row) => (curve.equity[row] = fromBar + row));
  const orders = numberedColumns(ORDER_COLUMNS, 2 * trades);
  const logs = Array.from({ length: trades }, (_, i) => ({ bar: fromBar + i, message: `a “quoted” line ${i}\n` }));
  return { previous, fromBar, toBar: fromBar + bars, curve, trades: numberedColumns(TRADE_COLUMNS, trades), orders, logs };
}

async function collect(chain: AsyncIterable<Chunk>): Promise<Chunk[]> {
  const chunks: Chunk[] = [];
  for await (const chunk of chain) chunks.push(chunk);
  return chunks;
}

describe('a chunk', () => {
  it.each([
    ['with trades', 5, 3],
    ['without a trade', 5, 0],
    ['without a bar', 0, 1],
    ['of a single bar', 1, 1],
  ])('%s comes back as it was', async (_name, bars, trades) => {
    const store = await temporaryStore();
    const chunks = createChunkStore(store.artifacts);
    const chunk = chunkOf(null, 10, bars, trades);
    const ref = await chunks.append('local', chunk);
    expect(ref.rows).toBe(bars);
    expect(await chunks.read(ref)).toStrictEqual(chunk);
  });

  it('keeps every kind of number', async () => {
    const store = await temporaryStore();
    const chunks = createChunkStore(store.artifacts);
    const chunk = chunkOf(null, 0, 6, 0);
    chunk.curve.cash.set([-0, NaN, Infinity, -Infinity, Number.MIN_VALUE, Number.MAX_VALUE]);
    expect((await chunks.read(await chunks.append('local', chunk))).curve.cash).toStrictEqual(chunk.curve.cash);
  });

  it('has the same address whenever it is written', async () => {
    const store = await temporaryStore();
    const chunks = createChunkStore(store.artifacts);
    const refs = [await chunks.append('local', chunkOf(null, 0, 100, 2)), await chunks.append('local', chunkOf(null, 0, 100, 2))];
    expect(refs[0]).toEqual(refs[1]);
  });

  it('gives its curve without a copy, and trades and orders that do not hold the curve in memory', async () => {
    const store = await temporaryStore();
    const chunks = createChunkStore(store.artifacts);
    const { curve, trades, orders } = await chunks.read(await chunks.append('local', chunkOf(null, 0, 1000, 2)));
    expect(curve.ts.buffer).toBe(curve.equity.buffer);
    expect(trades.pnl.buffer.byteLength).toBe(16);
    expect(orders.fee.buffer.byteLength).toBe(32);
  });

  it.each([
    ['another file', new Uint8Array(4000)],
    ['a file that is too short', Buffer.from('HFCHUNK2')],
    ['a damaged header', Buffer.from('HFCHUNK2\x08\0\0\0\0\0\0\0{"toBar"')],
  ])('is not taken from %s', async (_name, bytes) => {
    const store = await temporaryStore();
    const ref = await store.artifacts.put('local', bytes);
    const chunks = createChunkStore(store.artifacts);
    await expect(chunks.read(ref)).rejects.toMatchObject({ code: 'artifact_damaged' });
    await expect(collect(chunks.chain(ref))).rejects.toMatchObject({ code: 'artifact_damaged' });
  });
});

describe('a chain of chunks', () => {
  it('is walked in bar order, and is empty before the first chunk', async () => {
    const store = await temporaryStore();
    const chunks = createChunkStore(store.artifacts);
    let last: ArtifactRef | null = null;
    const scope = 'ü'.repeat(40); // the longest header: 240 bytes when escaped
    for (let i = 0; i < 5; i++) last = await chunks.append(scope, chunkOf(last, 10 * i, 10, 1));
    const found = await collect(chunks.chain(last));
    expect(found.map((chunk) => [chunk.fromBar, chunk.toBar, chunk.curve.equity[0]])).toEqual(
      [0, 10, 20, 30, 40].map((bar) => [bar, bar + 10, bar]),
    );
    expect(await collect(chunks.chain(null))).toEqual([]);
  });

  it('reads one chunk at a time', async () => {
    const store = await temporaryStore();
    let reads = 0;
    const counting = { ...store.artifacts, get: (ref: ArtifactRef) => (reads++, store.artifacts.get(ref)) };
    const chunks = createChunkStore(counting);
    const first = await chunks.append('local', chunkOf(null, 0, 10, 0));
    const last = await chunks.append('local', chunkOf(first, 10, 10, 0));
    const seen: number[] = [];
    for await (const _chunk of chunks.chain(last)) seen.push(reads);
    expect(seen).toEqual([1, 2]);
  });
});
