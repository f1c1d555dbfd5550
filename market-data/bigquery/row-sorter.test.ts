import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { orderByFirst } from './order-by-first.ts';
import { createRowSorter, type RowBatch } from './row-sorter.ts';

const batchOf = (times: readonly number[]): RowBatch => ({
  values: Float64Array.from(times.flatMap((time, i) => [time, i])),
  rows: times.length,
});

async function collect(sorter: ReturnType<typeof createRowSorter>): Promise<number[][]> {
  const blocks: number[][] = [];
  for await (const { values, rows } of sorter.blocks()) blocks.push(Array.from({ length: rows }, (_, row) => values[2 * row]!));
  return blocks;
}

const putAside = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('holdfast-sort-')).length;

it('gives rows in the order of time, each time in one block, however they came and wherever they were kept', async () => {
  const times = fc.array(fc.integer({ min: -3_000, max: 3_000 }), { maxLength: 400 });
  const sizes = { rowsInMemory: fc.integer({ min: 1, max: 300 }), blockRows: fc.integer({ min: 1, max: 100 }) };
  await fc.assert(
    fc.asyncProperty(fc.array(times, { maxLength: 8 }), fc.record(sizes), async (batches, options) => {
      const sorter = createRowSorter({ width: 2, ...options });
      await Promise.all(batches.map((batch) => sorter.add(batchOf(batch))));
      const blocks = await collect(sorter);
      await sorter.close();
      expect(blocks.flat()).toEqual(batches.flat().toSorted((a, b) => a - b));
      for (let i = 1; i < blocks.length; i++) expect(blocks[i]![0]).toBeGreaterThan(blocks[i - 1]!.at(-1)!);
      expect(sorter.rows).toBe(batches.flat().length);
    }),
    { numRuns: 60 },
  );
});

it('gives blocks of about the size that is asked for out of many files, and leaves no file behind', async () => {
  const rows = 50_000;
  const before = await putAside();
  const sorter = createRowSorter({ width: 2, rowsInMemory: 8_000, blockRows: 10_000 });
  await sorter.add(batchOf(Array.from({ length: rows }, (_, i) => (i * 7_919) % rows)));
  expect(await putAside()).toBe(before + 1);
  const blocks = await collect(sorter);
  await sorter.close();
  expect(blocks.flat()).toEqual(Array.from({ length: rows }, (_, i) => i));
  expect(Math.max(...blocks.map(({ length }) => length))).toBeLessThan(20_000);
  expect(await putAside()).toBe(before);
});

it('orders by times as far apart as times can be, and leaves equal ones as they came', () => {
  const times = [8.64e15, -8.64e15, 0, 8.64e15, 1, 0];
  expect(Array.from(orderByFirst(Float64Array.from(times), times.length, 1))).toEqual([1, 2, 5, 4, 0, 3]);
});
