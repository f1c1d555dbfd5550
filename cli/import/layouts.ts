/** A bar as a vendor's file has it, as text. Extra values are in the order of {@link Reader.extra}. */
export interface ImportedRow {
  ts: string;
  symbol: string | null;
  /** Open, high, low, close, volume. */
  prices: readonly string[];
  extra: readonly string[];
}

export interface Reader {
  layout: string;
  /** Names of further columns, as expressions know them. */
  extra: readonly string[];
  /** The first row is a header. */
  hasHeader: boolean;
  /** Null for a row that holds no bar. */
  read(row: readonly string[]): ImportedRow | null;
}

/** Columns of a file with a header; `time` is a time of the day beside a date. */
interface Headed {
  layout: string;
  ts: readonly string[];
  time?: string;
  symbol?: string;
  prices: readonly [open: string, high: string, low: string, close: string];
  /** The first of them that is there. */
  volume: readonly string[];
  /** Columns that say nothing. */
  ignored?: readonly string[];
}

/** Files with a header, the most particular first. Names are compared without regard to case. */
const HEADED: readonly Headed[] = [
  {
    layout: 'Stooq',
    ts: ['<date>'],
    time: '<time>',
    symbol: '<ticker>',
    prices: ['<open>', '<high>', '<low>', '<close>'],
    volume: ['<vol>'],
    ignored: ['<per>', '<openint>'],
  },
  { layout: 'Binance', ts: ['open_time'], prices: ['open', 'high', 'low', 'close'], volume: ['volume'], ignored: ['close_time', 'ignore'] },
  {
    layout: 'generic',
    ts: ['ts', 'timestamp', 'datetime', 'date', 'time'],
    symbol: 'symbol',
    prices: ['open', 'high', 'low', 'close'],
    volume: ['volume', 'vol'],
  },
];

/** Files without a header, by the number of their columns: time, open, high, low, close, volume, then these; null says nothing. */
const BARE: ReadonlyMap<number, { layout: string; further: readonly (string | null)[] }> = new Map([
  [6, { layout: 'generic', further: [] }],
  [7, { layout: 'Kraken', further: ['trades'] }],
  [12, { layout: 'Binance', further: [null, 'quoteVolume', 'trades', 'takerBaseVolume', 'takerQuoteVolume', null] }],
]);

/** How to read a file that begins with this row; null for a layout that nobody knows. */
export function readerOf(first: readonly string[]): Reader | null {
  if (first.every((value) => /^-?[0-9.eE+-]*$/.test(value))) return bareReader(first.length);
  const names = first.map((name) => name.toLowerCase());
  for (const layout of HEADED) {
    const reader = headedReader(layout, first, names);
    if (reader !== null) return reader;
  }
  return null;
}

function bareReader(columns: number): Reader | null {
  const known = BARE.get(columns);
  if (known === undefined) return null;
  const places = known.further.flatMap((name, index) => (name === null ? [] : [index + 6]));
  return {
    layout: known.layout,
    extra: known.further.filter((name) => name !== null),
    hasHeader: false,
    read: (row) => ({ ts: row[0] ?? '', symbol: null, prices: row.slice(1, 6), extra: places.map((place) => row[place] ?? '') }),
  };
}

function headedReader(layout: Headed, header: readonly string[], names: readonly string[]): Reader | null {
  const ts = placeOf(names, layout.ts);
  const prices = layout.prices.map((name) => names.indexOf(name));
  if (ts === -1 || prices.includes(-1)) return null;
  const volume = placeOf(names, layout.volume);
  const time = layout.time === undefined ? -1 : names.indexOf(layout.time);
  const symbol = layout.symbol === undefined ? -1 : names.indexOf(layout.symbol);
  const known = new Set([ts, ...prices, volume, time, symbol, ...(layout.ignored ?? []).map((name) => names.indexOf(name))]);
  const places = names.flatMap((_, place) => (known.has(place) ? [] : [place]));
  return {
    // Yahoo and Stooq write the same header, but for this column.
    layout: names.includes('adj close') ? 'Yahoo' : layout.layout,
    extra: places.map((place) => nameOf(header[place]!)),
    hasHeader: true,
    read(row) {
      const values = prices.map((place) => row[place] ?? '');
      // Yahoo has days of which it knows nothing but the date.
      if (values.every((value) => value === '' || value === 'null')) return null;
      return {
        ts: timeOf(row[ts] ?? '', row[time]),
        symbol: row[symbol] ?? null,
        prices: [...values, volume === -1 ? '0' : row[volume] || '0'],
        extra: places.map((place) => (row[place] === 'null' ? '' : (row[place] ?? ''))),
      };
    },
  };
}

function placeOf(names: readonly string[], candidates: readonly string[]): number {
  return names.indexOf(candidates.find((name) => names.includes(name)) ?? '');
}

/** `20240131` and `153000` as one time; other dates as they are. */
function timeOf(date: string, time: string | undefined): string {
  const day = /^(\d{4})(\d\d)(\d\d)$/.exec(date);
  const clock = /^(\d\d)(\d\d)(\d\d)$/.exec(time ?? '');
  const written = day === null ? date : day.slice(1).join('-');
  return clock === null || time === '000000' ? written : `${written}T${clock.slice(1).join(':')}Z`;
}

/** `Adj Close` is `adjClose` in an expression. */
function nameOf(column: string): string {
  const [first = '', ...rest] = column.split(/[^A-Za-z0-9_]+/).filter((word) => word !== '');
  if (rest.length === 0) return first;
  return first.toLowerCase() + rest.map((word) => word[0]!.toUpperCase() + word.slice(1).toLowerCase()).join('');
}
