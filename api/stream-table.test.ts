import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { columnarJsonStream, csvStream, type Table } from './stream-table.ts';

const tableOf = (cells: (string | number | null)[]): Table => ({
  columns: [
    { name: 'row', cell: (row) => row },
    { name: 'cell', cell: (row) => cells[row]! },
  ],
  rows: cells.length,
});

describe('csvStream', () => {
  it('quotes what RFC 4180 says must be quoted, and ends every line with CR LF', async () => {
    const csv = await text(csvStream(tableOf(['plain', 'a,b', 'say "hi"', 'two\nlines', ''])));
    expect(csv).toBe('row,cell\r\n0,plain\r\n1,"a,b"\r\n2,"say ""hi"""\r\n3,"two\nlines"\r\n4,\r\n');
  });

  it('leaves missing numbers empty and writes the others as short as they read back', async () => {
    const csv = await text(csvStream(tableOf([null, NaN, Infinity, 0.1 + 0.2, 1e21, 5e-324])));
    expect(csv).toBe('row,cell\r\n0,\r\n1,\r\n2,\r\n3,0.30000000000000004\r\n4,1e+21\r\n5,5e-324\r\n');
  });

  it('has a header when there are no rows', async () => {
    expect(await text(csvStream(tableOf([])))).toBe('row,cell\r\n');
  });
});

describe('columnarJsonStream', () => {
  it.each([0, 1, 3_999, 4_000, 4_001, 10_000])('is JSON with columns of %i cells', async (rows) => {
    const cells = Array.from({ length: rows }, (_, row) => (row % 3 === 0 ? null : row / 8));
    const expected = { columns: { row: cells.map((_, row) => row), cell: cells }, rows };
    expect(JSON.parse(await text(columnarJsonStream(tableOf(cells))))).toEqual(expected);
  });

  it('has null for what is no finite number', async () => {
    const { columns } = JSON.parse(await text(columnarJsonStream(tableOf([NaN, -Infinity, '"quoted"']))));
    expect(columns.cell).toEqual([null, null, '"quoted"']);
  });
});
