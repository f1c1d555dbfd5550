import { buffer } from 'node:stream/consumers';
import { tableFromIPC } from 'apache-arrow';
import { expect, it } from 'vitest';
import { arrowStream } from './arrow-stream.ts';
import type { Table } from './stream-table.ts';

const tableOf = (rows: number): Table => ({
  columns: [
    { name: 'time', kind: 'time', values: new Float64Array(rows).map((_, row) => Date.UTC(1969, 11, 31) + row * 86_400_000) },
    { name: 'price', kind: 'number', values: new Float64Array(rows).map((_, row) => (row === 1 ? NaN : row / 8)) },
    { name: 'side', kind: 'word', words: ['buy', 'sell', null], codes: new Float64Array(rows).map((_, row) => row % 3) },
  ],
  rows,
});

it.each([0, 3, 70_000])('writes %i rows that any Arrow reader reads', async (rows) => {
  const table = tableFromIPC(await buffer(arrowStream(tableOf(rows))));
  expect(table.numRows).toBe(rows);
  expect(table.schema.fields.map(({ name, type }) => `${name} ${type.toString()}`)).toEqual([
    'time Timestamp<MILLISECOND, UTC>',
    'price Float64',
    'side Dictionary<Int32, Utf8>',
  ]);
  if (rows === 0) return;
  expect(table.get(0)?.toJSON()).toEqual({ time: Date.UTC(1969, 11, 31), price: 0, side: 'buy' });
  expect(table.get(2)?.toJSON()).toEqual({ time: Date.UTC(1970, 0, 2), price: 0.25, side: '' });
  expect(table.getChild('price')?.get(1)).toBeNaN();
});
