import { zstdCompressSync } from 'node:zlib';

/** A value of Thrift's compact protocol, with the type that its field or list names. */
interface Thrift {
  type: number;
  bytes: Buffer;
}

const [I32, I64, BINARY, LIST, STRUCT] = [5, 6, 8, 9, 12];

function varint(value: number | bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt(value);
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Buffer.from([...bytes, Number(rest)]);
}

const zigzag = (value: number): Buffer => varint(value < 0 ? BigInt(-value) * 2n - 1n : BigInt(value) * 2n);
const i32 = (value: number): Thrift => ({ type: I32, bytes: zigzag(value) });
const i64 = (value: number): Thrift => ({ type: I64, bytes: zigzag(value) });
const text = (value: string): Thrift => ({
  type: BINARY,
  bytes: Buffer.concat([varint(Buffer.byteLength(value)), Buffer.from(value)]),
});

/** `announced`: how many items the list says that it has. */
function list(type: number, items: readonly Thrift[], announced = items.length): Thrift {
  const head = announced < 15 ? Buffer.from([(announced << 4) | type]) : Buffer.concat([Buffer.from([0xf0 | type]), varint(announced)]);
  return { type: LIST, bytes: Buffer.concat([head, ...items.map(({ bytes }) => bytes)]) };
}

/** Fields in the order of their numbers, none of them more than 15 after the one before. */
function struct(fields: Record<number, Thrift>): Thrift {
  let last = 0;
  const parts = Object.entries(fields).flatMap(([id, { type, bytes }]) => {
    const head = Buffer.from([((Number(id) - last) << 4) | type]);
    last = Number(id);
    return [head, bytes];
  });
  return { type: STRUCT, bytes: Buffer.concat([...parts, Buffer.from([0])]) };
}

const structs = (items: readonly Thrift[], announced?: number): Thrift => list(STRUCT, items, announced);

const [DOUBLE, BYTE_ARRAY] = [5, 6];
const [PLAIN, RLE, RLE_DICTIONARY] = [0, 3, 8];
const ZSTD = 6;

interface Column {
  name: string;
  type: number;
  pages: Buffer;
  compressed?: boolean;
}

interface Lies {
  rows: number;
  /** What the file says of itself as a whole. */
  fileRows?: number;
}

function page(kind: 'data' | 'dictionary', { bytes, size = bytes.length, values, encoding }: Page): Buffer {
  const about = { 1: i32(values), 2: i32(encoding) };
  const header = { 1: i32(kind === 'data' ? 0 : 2), 2: i32(size), 3: i32(bytes.length) };
  const levels = { 3: i32(RLE), 4: i32(RLE) };
  return Buffer.concat([
    struct({ ...header, ...(kind === 'data' ? { 5: struct({ ...about, ...levels }) } : { 7: struct(about) }) }).bytes,
    bytes,
  ]);
}

interface Page {
  bytes: Buffer;
  /** Uncompressed. */
  size?: number;
  values: number;
  encoding: number;
}

const column = (name: string, type: number): Thrift => struct({ 1: i32(type), 3: i32(0), 4: text(name) });

function footerOf(schema: readonly Thrift[], rows: number, groups: Thrift): Buffer {
  return struct({ 1: i32(1), 2: structs(schema), 3: i64(rows), 4: groups }).bytes;
}

/** A file with this footer. */
export function withFooter(body: Buffer, footer: Buffer, announced = footer.length): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(announced);
  return Buffer.concat([Buffer.from('PAR1'), body, footer, length, Buffer.from('PAR1')]);
}

function group(columns: readonly Column[], rows: number): Thrift {
  let at = 4;
  const chunks = columns.map(({ name, type, pages, compressed }) => {
    const facts = {
      1: i32(type),
      2: list(I32, [i32(PLAIN), i32(RLE_DICTIONARY)]),
      3: list(BINARY, [text(name)]),
      4: i32(compressed ? ZSTD : 0),
    };
    const sizes = { 5: i64(rows), 6: i64(100), 7: i64(pages.length), 9: i64(at) };
    at += pages.length;
    return struct({ 2: i64(4), 3: struct({ ...facts, ...sizes }) });
  });
  return struct({ 1: structs(chunks), 2: i64(100), 3: i64(rows) });
}

function parquet(columns: readonly Column[], { rows, fileRows = rows }: Lies): Buffer {
  const schema = [struct({ 4: text('schema'), 5: i32(columns.length) }), ...columns.map(({ name, type }) => column(name, type))];
  const body = Buffer.concat(columns.map(({ pages }) => pages));
  return withFooter(body, footerOf(schema, fileRows, structs([group(columns, rows)])));
}

const NAMES = ['ts', 'open', 'high', 'low', 'close', 'volume'];

function doubles(...values: number[]): Buffer {
  return Buffer.from(Float64Array.from(values).buffer);
}

/** The same value in every row, in a few bytes. */
function repeated(value: Buffer, rows: number): Buffer {
  const dictionary = page('dictionary', { bytes: value, values: 1, encoding: PLAIN });
  const data = Buffer.concat([Buffer.from([1]), varint(BigInt(rows) * 2n), Buffer.from([0])]);
  return Buffer.concat([dictionary, page('data', { bytes: data, values: rows, encoding: RLE_DICTIONARY })]);
}

const steady = (rows: number): Column[] => NAMES.map((name) => ({ name, type: DOUBLE, pages: repeated(doubles(1e9), rows) }));

/** A thousand million rows, of which the file as a whole says that it has one. */
export const manyRows = (): Buffer => parquet(steady(1_000_000_000), { rows: 1_000_000_000, fileRows: 1 });

/** Half a million rows with a symbol of some hundred thousand letters each, which is stored once. */
export function longSymbol(): Buffer {
  const rows = 20_000;
  const name = Buffer.alloc(400_000, 'A');
  const length = Buffer.alloc(4);
  length.writeUInt32LE(name.length);
  const symbol = { name: 'symbol', type: BYTE_ARRAY, pages: repeated(Buffer.concat([length, name]), rows) };
  return parquet([...steady(rows), symbol], { rows });
}

/** Pages that take a gigabyte each when they are unpacked; the file says that they take a hundred bytes. */
export function packedPages(): Buffer {
  const size = 2 ** 30;
  const bytes = zstdCompressSync(Buffer.alloc(size));
  const pages = page('data', { bytes, size, values: 10, encoding: PLAIN });
  return parquet(
    NAMES.map((name) => ({ name, type: DOUBLE, pages, compressed: true })),
    { rows: 10 },
  );
}

/** As many groups of one row as fit. */
export function manyGroups(count: number): Buffer {
  const columns = steady(1);
  const schema = [struct({ 4: text('schema'), 5: i32(columns.length) }), ...columns.map(({ name, type }) => column(name, type))];
  const one = group(columns, 1);
  return withFooter(
    Buffer.concat(columns.map(({ pages }) => pages)),
    footerOf(schema, count, structs(Array.from({ length: count }, () => one))),
  );
}

export function manyColumns(count: number): Buffer {
  const names = Array.from({ length: count }, (_, k) => `c${k}`);
  const schema = [struct({ 4: text('schema'), 5: i32(count) }), ...names.map((name) => column(name, DOUBLE))];
  return withFooter(Buffer.alloc(0), footerOf(schema, 0, structs([])));
}

/** Columns in columns in columns. */
export function deepSchema(levels: number): Buffer {
  const inner = Array.from({ length: levels }, () => struct({ 3: i32(0), 4: text('a'), 5: i32(1) }));
  return withFooter(Buffer.alloc(0), footerOf([...inner, column('x', DOUBLE)], 0, structs([])));
}

/** A list that says it has two thousand million items. */
export const endlessList = (): Buffer =>
  withFooter(Buffer.alloc(0), struct({ 1: i32(1), 2: structs([column('x', DOUBLE)], 2 ** 31 - 1) }).bytes);

/** A footer that says it is longer than the file. */
export const longFooter = (): Buffer => withFooter(Buffer.alloc(0), Buffer.alloc(10), 2 ** 31 - 1);
