import { ORDER_REASONS, ORDER_STATUSES, ORDER_TYPES } from '../shared/orders.ts';
import { EXIT_REASONS } from '../shared/run.ts';
import type { FinishedCurveBlock, OrderBlock, RunWords, TradeBlock } from '../shared/series.ts';
import type { Table, TableColumn } from './stream-table.ts';

/** Half-open, in milliseconds. */
export interface TimeRange {
  start: number;
  end: number;
}

export const EQUITY_TABLE = ['time', 'equity', 'cash', 'exposure', 'drawdown', 'benchmark'] as const;

/** The curve as clients see it. */
export function equityTable(curve: FinishedCurveBlock): Table {
  const [time, ...others] = EQUITY_TABLE;
  const columns: TableColumn[] = [
    { name: time, kind: 'time', values: curve.ts },
    ...others.map((name) => ({ name, kind: 'number' as const, values: curve[name] })),
  ];
  return { columns, rows: curve.ts.length };
}

export const TRADE_TABLE = [
  'symbol',
  'side',
  'size',
  'entryTime',
  'entryPrice',
  'entryBar',
  'exitTime',
  'exitPrice',
  'exitBar',
  'pnl',
  'return',
  'fees',
  'bars',
  'mae',
  'mfe',
  'entryTag',
  'exitReason',
] as const;

/** What gives the codes of a run their words: the symbols of its spec, and the tags of its orders. */
export interface Words {
  symbols: readonly string[];
  tags: readonly string[];
}

/** The trades entered in the range as clients see them, in the order of the block. */
export function tradeTable(trades: TradeBlock, { symbols, tags }: Words, range: TimeRange): Table {
  const rows = rowsWithin(trades.entryTs, range);
  const pick = (name: keyof TradeBlock) => picked(trades[name], rows);
  const derived = (of: (row: number) => number) => Float64Array.from(rows, of);
  return tableOf(TRADE_TABLE, rows.length, {
    symbol: { codes: pick('symbol'), words: symbols },
    side: { codes: derived((row) => Number(trades.size[row]! < 0)), words: ['long', 'short'] },
    size: pick('size'),
    entryTime: { times: pick('entryTs') },
    entryPrice: pick('entryPrice'),
    entryBar: pick('entryBar'),
    exitTime: { times: pick('exitTs') },
    exitPrice: pick('exitPrice'),
    exitBar: pick('exitBar'),
    pnl: pick('pnl'),
    return: derived((row) => trades.pnl[row]! / trades.entryValue[row]!),
    fees: pick('fees'),
    bars: derived((row) => trades.exitBar[row]! - trades.entryBar[row]!),
    mae: pick('mae'),
    mfe: pick('mfe'),
    entryTag: { codes: pick('entryTag'), words: [null, ...tags.slice(1)] },
    exitReason: { codes: pick('exitReason'), words: EXIT_REASONS },
  });
}

export const ORDER_TABLE = [
  'symbol',
  'time',
  'bar',
  'order',
  'type',
  'side',
  'size',
  'price',
  'status',
  'filledSize',
  'filledPrice',
  'fee',
  'reason',
] as const;

/** What became of the orders in the range as clients see it: a row for every event that filled a part of an order, or ended it. */
export function orderTable(orders: OrderBlock, symbols: readonly string[], range: TimeRange): Table {
  const rows = rowsWithin(orders.ts, range);
  const pick = (name: keyof OrderBlock) => picked(orders[name], rows);
  const [, ...reasons] = ORDER_REASONS;
  return tableOf(ORDER_TABLE, rows.length, {
    symbol: { codes: pick('symbol'), words: symbols },
    time: { times: pick('ts') },
    bar: pick('bar'),
    order: pick('order'),
    type: { codes: pick('type'), words: ORDER_TYPES },
    side: { codes: Float64Array.from(rows, (row) => Number(orders.side[row]! < 0)), words: ['buy', 'sell'] },
    size: pick('size'),
    price: pick('price'),
    status: { codes: pick('status'), words: ORDER_STATUSES },
    filledSize: pick('filledSize'),
    filledPrice: pick('filledPrice'),
    fee: pick('fee'),
    reason: { codes: pick('reason'), words: [null, ...reasons] },
  });
}

export const LOG_TABLE = ['time', 'bar', 'message'] as const;

/** The lines of the log in the range. */
export function logTable({ lines }: RunWords, { start, end }: TimeRange): Table {
  const shown = lines.filter(({ ts }) => ts >= start && ts < end);
  return tableOf(LOG_TABLE, shown.length, {
    time: { times: Float64Array.from(shown, ({ ts }) => ts) },
    bar: Float64Array.from(shown, ({ bar }) => bar),
    message: { codes: Float64Array.from(shown.keys()), words: shown.map(({ message }) => message) },
  });
}

/** Numbers, times, or words by their codes. */
type Values = Float64Array | { times: Float64Array } | { codes: Float64Array; words: readonly (string | null)[] };

function tableOf<Name extends string>(names: readonly Name[], rows: number, values: Record<Name, Values>): Table {
  const columns = names.map((name): TableColumn => {
    const own = values[name];
    if (own instanceof Float64Array) return { name, kind: 'number', values: own };
    return 'times' in own ? { name, kind: 'time', values: own.times } : { name, kind: 'word', ...own };
  });
  return { columns, rows };
}

function rowsWithin(times: Float64Array, { start, end }: TimeRange): number[] {
  const rows: number[] = [];
  for (let row = 0; row < times.length; row++) if (times[row]! >= start && times[row]! < end) rows.push(row);
  return rows;
}

function picked(column: Float64Array, rows: readonly number[]): Float64Array {
  return rows.length === column.length ? column : Float64Array.from(rows, (row) => column[row]!);
}
