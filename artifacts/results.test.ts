import { tableFromIPC } from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FINISHED_CURVE_COLUMNS, TRADE_COLUMNS } from '../shared/series.ts';
import { createSeriesStore } from './results.ts';
import { cutAt, numberedColumns } from './series-for-tests.ts';
import { temporaryStore } from './temporary-store.ts';

/** Rows of a record batch in the files, on which cuts are most likely to show. */
const BATCH = 65_536;

async function* asStream<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

describe('a curve', () => {
  it.each([0, 1, BATCH - 1, BATCH, BATCH + 1, 2 * BATCH + 5])('of %i points comes back as it was', async (rows) => {
    const store = await temporaryStore();
    const series = createSeriesStore(store.artifacts);
    const curve = numberedColumns(FINISHED_CURVE_COLUMNS, rows);
    const ref = await series.writeCurve('local', asStream([curve]));
    expect(ref.rows).toBe(rows);
    const read = await series.readCurve(ref);
    for (const name of FINISHED_CURVE_COLUMNS) expect(Buffer.compare(bytesOf(read[name]), bytesOf(curve[name]))).toBe(0);
  });

  it('has the same bytes however it was cut', { timeout: 20_000 }, async () => {
    const store = await temporaryStore();
    const series = createSeriesStore(store.artifacts);
    const curve = numberedColumns(FINISHED_CURVE_COLUMNS, BATCH + 1000);
    const whole = await series.writeCurve('local', asStream([curve]));
    const cut = fc.oneof(fc.nat(BATCH + 1000), fc.constantFrom(0, 1, BATCH - 1, BATCH, BATCH + 1));
    await fc.assert(
      fc.asyncProperty(fc.array(cut, { maxLength: 6 }), async (cuts) => {
        expect(await series.writeCurve('local', asStream(cutAt(FINISHED_CURVE_COLUMNS, curve, cuts)))).toEqual(whole);
      }),
      { numRuns: 20 },
    );
  });

  it('is a stream that any Arrow reader reads', async () => {
    const store = await temporaryStore();
    const ref = await createSeriesStore(store.artifacts).writeCurve(
      'local',
      asStream([numberedColumns(FINISHED_CURVE_COLUMNS, BATCH + 1)]),
    );
    const table = tableFromIPC(await store.artifacts.get(ref));
    expect(table.batches.map((batch) => batch.numRows)).toEqual([BATCH, 1]);
    expect(table.schema.fields.map((field) => `${field.name} ${field.type.toString()}`)).toEqual(
      FINISHED_CURVE_COLUMNS.map((name) => `${name} Float64`),
    );
  });
});

describe('trades', () => {
  it('come back as they were, cut or not, also when there are none', async () => {
    const store = await temporaryStore();
    const series = createSeriesStore(store.artifacts);
    for (const rows of [0, 1, 100]) {
      const trades = numberedColumns(TRADE_COLUMNS, rows);
      const ref = await series.writeTrades('local', [trades]);
      expect(await series.readTrades(ref)).toEqual(trades);
      expect(await series.writeTrades('local', cutAt(TRADE_COLUMNS, trades, [0, 30, 30, 99]))).toEqual(ref);
    }
    expect((await series.readTrades(await series.writeTrades('local', []))).pnl).toHaveLength(0);
  });
});

describe('a pyramid in the store', () => {
  it('comes back level by level, also when it has none', async () => {
    const store = await temporaryStore();
    const series = createSeriesStore(store.artifacts);
    const pyramid = series.pyramid();
    pyramid.add(numberedColumns(FINISHED_CURVE_COLUMNS, 100_000));
    const levels = pyramid.levels();
    expect(levels.length).toBeGreaterThan(1);
    expect(await series.readPyramid(await series.writePyramid('local', levels))).toEqual(levels);
    expect(await series.readPyramid(await series.writePyramid('local', []))).toEqual([]);
  });
});

function bytesOf(column: Float64Array): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
}
