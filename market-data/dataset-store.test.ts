import { tableFromIPC } from 'apache-arrow';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { temporaryStore } from '../artifacts/temporary-store.ts';
import type { Bars } from '../shared/bars.ts';
import { createDatasetStore } from './dataset-store.ts';
import { columnOf, withColumns } from './time-chunks.ts';

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
    const ref = await datasets.write('public', [bars]);
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
        const { instruments } = await datasets.read(await datasets.write('public', [[bars]]));
        expect(instruments[0]!.ts).toEqual(bars.ts);
      }),
      { numRuns: 30 },
    );
  });

  it('lies in one piece of memory that threads can share', async () => {
    const store = await temporaryStore();
    const datasets = createDatasetStore(store.artifacts);
    const { instruments } = await datasets.read(await datasets.write('public', [[barsOf('A', 1000), barsOf('B', 1000)]]));
    const buffers = new Set(
      instruments.flatMap(({ ts, open, high, low, close, volume }) => [ts, open, high, low, close, volume].map((column) => column.buffer)),
    );
    expect([...buffers]).toEqual([expect.any(SharedArrayBuffer)]);
  });

  it('is right where its source uses the memory of a block again for the next but one', async () => {
    const store = await temporaryStore();
    const blocks = (rows: number, count: number) =>
      Array.from({ length: count }, (_, block) => ['A', 'B'].map((symbol) => barsOf(symbol, rows, block * rows * 60_000)));
    function* overwritten(all: Bars[][]): Generator<Bars[]> {
      for (const [number, block] of all.entries()) {
        yield block;
        if (number > 0) for (const bars of all[number - 1]!) withColumns(bars, (name) => columnOf(bars, name).fill(-1));
      }
    }
    // Chunks that are whole blocks, which are large enough not to be copied on their way to the disk, and of parts of several.
    for (const [rows, chunkRows] of [
      [33_000, 66_000],
      [700, 3_000],
    ] as const) {
      const datasets = createDatasetStore(store.artifacts, { chunkRows });
      const expected = await datasets.write('public', blocks(rows, 4));
      expect((await datasets.write('public', overwritten(blocks(rows, 4)))).sha256).toBe(expected.sha256);
    }
  });

  it('has the same bytes whenever it is written', async () => {
    const store = await temporaryStore();
    const datasets = createDatasetStore(store.artifacts);
    const refs = [
      await datasets.write('public', [[barsOf('A', 10), barsOf('B', 5)]]),
      await datasets.write('public', [[barsOf('A', 10), barsOf('B', 5)]]),
    ];
    expect(refs[0]).toEqual(refs[1]);
  });

  it('is a table with one row a bar for any Arrow reader', async () => {
    const store = await temporaryStore();
    const ref = await createDatasetStore(store.artifacts).write('public', [[barsOf('A', 2, Date.UTC(2020, 0, 1)), barsOf('B', 1)]]);
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

describe('what a dataset holds beside bars', () => {
  const dividends = { ts: Float64Array.of(30_000, 61_000), amount: Float64Array.of(0.1, 0.2) };
  const actions = { splits: { ts: Float64Array.of(90_000), ratio: Float64Array.of(1 / 3) }, dividends };
  const none = {
    splits: { ts: new Float64Array(0), ratio: new Float64Array(0) },
    dividends: { ts: new Float64Array(0), amount: new Float64Array(0) },
  };

  it('comes back: actions on days without a bar, extra columns by name, and the zone', async () => {
    const datasets = createDatasetStore((await temporaryStore()).artifacts);
    const signal = Float64Array.of(1, NaN, -0);
    const bars = [
      { ...barsOf('A', 3), actions, extra: { signal, score: Float64Array.of(4, 5, 6) } },
      { ...barsOf('B', 2), actions: none, extra: { signal: Float64Array.of(7, 8) } },
      barsOf('C', 1),
    ];
    const zone = { from: Float64Array.of(0, 5), offset: Float64Array.of(-18_000_000, -14_400_000) };
    const ref = await datasets.write('public', [bars], () => ({ zone }));
    const { instruments, ...rest } = await datasets.read(ref);
    expect(rest).toEqual({ sha256: ref.sha256, zone });
    expect(instruments).toEqual([
      bars[0],
      { ...bars[1], extra: { score: Float64Array.of(NaN, NaN), signal: Float64Array.of(7, 8) } },
      { ...bars[2], extra: { score: Float64Array.of(NaN), signal: Float64Array.of(NaN) } },
    ]);
  });

  it('does not depend on the order in which extra columns were given', async () => {
    const datasets = createDatasetStore((await temporaryStore()).artifacts);
    const [x, y] = [Float64Array.of(1), Float64Array.of(2)];
    const one = await datasets.write('public', [[{ ...barsOf('A', 1), extra: { x, y } }]]);
    expect(await datasets.write('public', [[{ ...barsOf('A', 1), extra: { y, x } }]])).toEqual(one);
  });

  it('can be read by others: columns of the table, and JSON in its metadata', async () => {
    const store = await temporaryStore();
    const ref = await createDatasetStore(store.artifacts).write('public', [
      [{ ...barsOf('A', 1), actions, extra: { signal: Float64Array.of(9) } }],
    ]);
    const table = tableFromIPC(await store.artifacts.get(ref));
    expect(table.schema.metadata.get('actions')).toBe(
      '{"A":{"splits":[[90000,0.3333333333333333]],"dividends":[[30000,0.1],[61000,0.2]]}}',
    );
    expect(table.getChild('signal')?.get(0)).toBe(9);
  });

  it('leaves the bytes of plain bars as they were in every version of this format', async () => {
    const { sha256 } = await createDatasetStore((await temporaryStore()).artifacts).write('public', [[barsOf('A', 10), barsOf('B', 5)]]);
    expect(sha256).toBe('4ffa01c40ba9800ade347a1d0b4c7b52c3ad40206bf03589484048944e762a5f');
  });
});

describe('a dataset of several chunks', () => {
  const MINUTE = 60_000;
  /** Every minute, and every third minute. A chunk of two symbols is 32,768 different times. */
  const minutes = barsOf('A', 80_000);
  const thirds = { ...barsOf('B', 27_000), ts: Float64Array.from({ length: 27_000 }, (_, row) => row * 3 * MINUTE) };

  it('has the same bytes however its source cut the bars', async () => {
    const datasets = createDatasetStore((await temporaryStore()).artifacts);
    const whole = await datasets.write('public', [[minutes, thirds]]);
    const cuts = [0, 1, 1_000, 32_767, 65_537, 80_000].map((minute) => minute * MINUTE);
    const between = (bars: Bars, from: number, to: number): Bars =>
      withColumns(bars, (name) => columnOf(bars, name).filter((_, row) => bars.ts[row]! >= from && bars.ts[row]! < to));
    const blocks = cuts.map((from, i) => [minutes, thirds].map((bars) => between(bars, from, cuts[i + 1] ?? Infinity)));
    expect(await datasets.write('public', blocks)).toEqual(whole);
    expect((await datasets.read(whole)).instruments).toEqual([minutes, thirds]);
  });

  it('says what lies in each, and reads it without the others', async () => {
    const datasets = createDatasetStore((await temporaryStore()).artifacts);
    const file = await datasets.open(await datasets.write('public', [[minutes, thirds]]));
    expect(file.symbols).toEqual(['A', 'B']);
    // Behind minute 80,000 only every third one is there.
    expect(file.chunks).toEqual([
      { rows: [32_768, 10_923], first: [0, 0], times: [32_768, 32_768] },
      { rows: [32_768, 10_923], first: [32_768 * MINUTE, 32_769 * MINUTE], times: [32_768, 32_768] },
      { rows: [14_464, 5_154], first: [65_536 * MINUTE, 65_538 * MINUTE], times: [14_464 + 333, 14_464] },
    ]);
    const [a, b] = await file.chunk(2);
    expect([a!.ts[0], a!.close[0], b!.ts[0], b!.close[0]]).toEqual([65_536 * MINUTE, 65_537.5, 65_538 * MINUTE, 21_847.5]);
  });
});
