import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { clearShare, createShare, shareColumns } from './column-share.ts';
import { computeIndicator } from './compute.ts';
import { atr } from './atr.ts';
import { sma } from './sma.ts';
import { sharedColumns } from './shared-columns.ts';

const ROWS = 1_000;

/** High, low and close in memory of threads, and views of it as a thread makes them. */
function pricesOf() {
  const memory = new SharedArrayBuffer(3 * ROWS * 8);
  const views = () => [0, 1, 2].map((k) => new Float64Array(memory, k * ROWS * 8, ROWS));
  const [high, low, close] = views() as [Float64Array, Float64Array, Float64Array];
  for (let i = 0; i < ROWS; i++) {
    close[i] = 100 + Math.sin(i);
    high[i] = close[i]! + 1;
    low[i] = close[i]! - 1;
  }
  return views;
}

describe('columns that threads share', () => {
  it('are computed by the first that asks, and are the same numbers as those of a thread by itself', () => {
    const views = pricesOf();
    const share = createShare(100_000);
    const [alone, first, second] = [views(), views(), views()];
    shareColumns(share, first);
    shareColumns(share, second);
    const columnsOf = ([high, low, close]: Float64Array[]) => [
      ...computeIndicator(sma, [close!], [10]),
      ...computeIndicator(sma, computeIndicator(sma, [close!], [10]), [5]),
      ...computeIndicator(atr, [high!, low!, close!], [14]),
    ];
    const expected = columnsOf(alone);
    const [a, b] = [columnsOf(first), columnsOf(second)];
    expect(a).toEqual(expected);
    expect(b).toEqual(expected);
    b.forEach((column, k) => {
      expect(column.buffer).toBe(share);
      expect(column.byteOffset).toBe(a[k]!.byteOffset);
    });
    expect(expected[0]!.buffer).not.toBe(share);
  });

  it('are computed anew once the memory was cleared', () => {
    const views = pricesOf();
    const share = createShare(100_000);
    let computed = 0;
    for (const [source] of [views(), views(), views()]) {
      shareColumns(share, [source!]);
      sharedColumns([source!], 'counted', { count: 1, length: ROWS, fill: () => void computed++ });
      if (computed === 1) clearShare(share);
    }
    expect(computed).toBe(2);
  });

  it('are of one thread where the memory is full, a source is not shared, or the name is too long', () => {
    const [high, low, close] = pricesOf()() as [Float64Array, Float64Array, Float64Array];
    shareColumns(createShare(100_000), [high, low]);
    const isShared = (sources: Float64Array[], name: string, length = ROWS) =>
      sharedColumns(sources, name, { count: 1, length, fill: () => undefined })[0]!.buffer instanceof SharedArrayBuffer;
    expect(isShared([high], 'small')).toBe(true);
    expect(isShared([high], 'large', 100 * ROWS)).toBe(false);
    expect(isShared([high, close], 'foreign')).toBe(false);
    expect(isShared([high], 'long '.repeat(40))).toBe(false);
    expect(isShared([high], 'small too')).toBe(true);
  });

  it('that failed in one thread are computed by the next for itself', () => {
    const views = pricesOf();
    const share = createShare(100_000);
    const [[first], [second]] = [views(), views()];
    shareColumns(share, [first!]);
    shareColumns(share, [second!]);
    const fail = () => {
      throw new Error('no memory');
    };
    expect(() => sharedColumns([first!], 'broken', { count: 1, length: 1, fill: fail })).toThrow('no memory');
    expect([...sharedColumns([second!], 'broken', { count: 1, length: 1, fill: ([out]) => void out!.fill(7) })[0]!]).toEqual([7]);
  });

  it('are waited for while another thread computes them', async () => {
    const share = createShare(100_000);
    const memory = new SharedArrayBuffer(8);
    const started = new Int32Array(new SharedArrayBuffer(4));
    const thread = new Worker(new URL('../../test/fixtures/share-thread.ts', import.meta.url), { workerData: { share, memory, started } });
    const exited = once(thread, 'exit');
    Atomics.wait(started, 0, 0);
    const source = new Float64Array(memory);
    shareColumns(share, [source]);
    const [column] = sharedColumns([source], 'slow', { count: 1, length: 1, fill: ([out]) => void out!.fill(1) });
    expect([...column!]).toEqual([2]);
    await exited;
  });
});
