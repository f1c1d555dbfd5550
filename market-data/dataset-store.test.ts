import { tableFromIPC } from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { temporaryStore } from '../artifacts/temporary-store.ts';
import type { Bars } from '../shared/bars.ts';
import { createDatasetStore } from './dataset-store.ts';

function barsOf(symbol: string, rows: number, firstTs = 0): Bars {
  const column = (offset: number): Float64Array => Float64Array.from({ length: rows }, (_, row) => row + offset);
  const ts = Float64Array.from({ length: rows }, (_, row) => firstTs + row * 60_000);
  return { symbol, ts, open: column(1), high: column(2), low: column(0.5), close: column(1.5), volume: column(0) };
}

describe('a dataset', () => {
  it('comes back as it was, in the order it was written', async () => {
    const store = await temporaryStore();
    const datasets = createDatasetStore(store.artifacts);
    const bars = [barsOf('MSFT', 5), barsOf('AAPL', 3), barsOf('BTC/USD', 1)];
    const ref = await datasets.write('public', bars);
    expect(ref.rows).toBe(9);
    expect(await datasets.read(ref)).toEqual({ sha256: ref.sha256, instruments: bars });
  });

  it('keeps every time that a date can name', async () => {
    const store = await temporaryStore();
    const datasets = createDatasetStore(store.artifacts);
    const time = fc.oneof(fc.integer({ min: -8.64e15, max: 8.64e15 }), fc.constantFrom(0, -1, 1, 2 ** 31, 2 ** 32, -(2 ** 31), -(2 ** 32)));
    await fc.assert(
      fc.asyncProperty(fc.array(time, { minLength: 1, maxLength: 20 }), async (times) => {
        const bars = { ...barsOf('X', times.length), ts: Float64Array.from(times, (ts) => ts + 0) };
        const { instruments } = await datasets.read(await datasets.write('public', [bars]));
        expect(instruments[0]!.ts).toEqual(bars.ts);
      }),
      { numRuns: 30 },
    );
  });

  it('lies in one piece of memory that threads can share', async () => {
    const store = await temporaryStore();
    const datasets = createDatasetStore(store.artifacts);
    const { instruments } = await datasets.read(await datasets.write('public', [barsOf('A', 1000), barsOf('B', 1000)]));
    const buffers = new Set(
      instruments.flatMap(({ ts, open, high, low, close, volume }) => [ts, open, high, low, close, volume].map((column) => column.buffer)),
    );
    expect([...buffers]).toEqual([expect.any(SharedArrayBuffer)]);
  });

  it('has the same bytes whenever it is written', async () => {
    const store = await temporaryStore();
    const datasets = createDatasetStore(store.artifacts);
    const refs = [
      await datasets.write('public', [barsOf('A', 10), barsOf('B', 5)]),
      await datasets.write('public', [barsOf('A', 10), barsOf('B', 5)]),
    ];
    expect(refs[0]).toEqual(refs[1]);
  });

  it('is a table with one row a bar for any Arrow reader', async () => {
    const store = await temporaryStore();
    const ref = await createDatasetStore(store.artifacts).write('public', [barsOf('A', 2, Date.UTC(2020, 0, 1)), barsOf('B', 1)]);
    const bytes = await store.artifacts.get(ref);
    expect(Buffer.from(bytes.subarray(0, 6)).toString()).toBe('ARROW1');
    const table = tableFromIPC(bytes);
    expect(table.schema.fields.map(({ name, type }) => `${name}: ${type.toString()}`)).toEqual([
      'symbol: Dictionary<Int16, Utf8>',
      'ts: Timestamp<MILLISECOND, UTC>',
      'open: Float64',
      'high: Float64',
      'low: Float64',
      'close: Float64',
      'volume: Float64',
    ]);
    expect(table.toArray().map((row: { symbol: string; ts: number; close: number }) => [row.symbol, row.ts, row.close])).toEqual([
      ['A', Date.UTC(2020, 0, 1), 1.5],
      ['A', Date.UTC(2020, 0, 1, 0, 1), 2.5],
      ['B', 0, 1.5],
    ]);
  });
});
