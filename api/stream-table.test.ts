import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { columnarJsonStream, csvStream, type Table, type TableColumn } from './stream-table.ts';

const rowNumbers = (rows: number): TableColumn => ({
  name: 'row',
  kind: 'number',
  values: Float64Array.from({ length: rows }, (_, row) => row),
});
const wordsOf = (words: (string | null)[]): Table => ({
  columns: [rowNumbers(words.length), { name: 'cell', kind: 'word', words, codes: Float64Array.from(words.keys()) }],
  rows: words.length,
});
const numbersOf = (values: number[]): Table => ({
  columns: [rowNumbers(values.length), { name: 'cell', kind: 'number', values: Float64Array.from(values) }],
  rows: values.length,
});

describe('csvStream', () => {
  it('quotes what RFC 4180 says must be quoted, and ends every line with CR LF', async () => {
    const csv = await text(csvStream(wordsOf(['plain', 'a,b', 'say "hi"', 'two\nlines', ''])));
    expect(csv).toBe('row,cell\r\n0,plain\r\n1,"a,b"\r\n2,"say ""hi"""\r\n3,"two\nlines"\r\n4,\r\n');
  });

  it('leaves missing numbers empty and writes the others as short as they read back', async () => {
    const csv = await text(csvStream(numbersOf([NaN, NaN, Infinity, 0.1 + 0.2, 1e21, 5e-324])));
    expect(csv).toBe('row,cell\r\n0,\r\n1,\r\n2,\r\n3,0.30000000000000004\r\n4,1e+21\r\n5,5e-324\r\n');
  });

  it('has a header when there are no rows', async () => {
    expect(await text(csvStream(wordsOf([])))).toBe('row,cell\r\n');
  });
});

describe('columnarJsonStream', () => {
  it.each([0, 1, 3_999, 4_000, 4_001, 10_000])('is JSON with columns of %i cells', async (rows) => {
    const cells = Array.from({ length: rows }, (_, row) => (row % 3 === 0 ? NaN : row / 8));
    const expected = { columns: { row: cells.map((_, row) => row), cell: cells.map((cell) => (Number.isNaN(cell) ? null : cell)) }, rows };
    expect(JSON.parse(await text(columnarJsonStream(numbersOf(cells))))).toEqual(expected);
  });

  it('has null for what is no finite number', async () => {
    const { columns } = JSON.parse(await text(columnarJsonStream(numbersOf([NaN, -Infinity, 0]))));
    expect(columns.cell).toEqual([null, null, 0]);
  });

  it('has words as they are, and null for one that is missing', async () => {
    const { columns } = JSON.parse(await text(columnarJsonStream(wordsOf(['"quoted"', null]))));
    expect(columns.cell).toEqual(['"quoted"', null]);
  });
});
