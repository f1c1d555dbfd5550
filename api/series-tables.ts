import { EXIT_REASONS } from '../shared/run.ts';
import type { FinishedCurveBlock, TradeBlock } from '../shared/series.ts';
import { isoTime } from './run-resource.ts';
import type { Table, TableColumn } from './stream-table.ts';

export const EQUITY_TABLE = ['time', 'equity', 'cash', 'exposure', 'drawdown', 'benchmark'] as const;

/** The curve as clients see it. */
export function equityTable(curve: FinishedCurveBlock): Table {
  const [time, ...others] = EQUITY_TABLE;
  const columns: TableColumn[] = [
    { name: time, cell: (row) => isoTime(curve.ts[row]!) },
    ...others.map((name) => ({ name, cell: (row: number) => curve[name][row]! })),
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
  'exitReason',
] as const;

/** The trades entered in [start, end) as clients see them, in the order of the block; `symbols` are those of the spec. */
export function tradeTable(trades: TradeBlock, symbols: readonly string[], { start, end }: { start: number; end: number }): Table {
  const rows = [...trades.entryTs.keys()].filter((row) => trades.entryTs[row]! >= start && trades.entryTs[row]! < end);
  const cells: Record<(typeof TRADE_TABLE)[number], TableColumn['cell']> = {
    symbol: (row) => symbols[trades.symbol[row]!] ?? null,
    side: (row) => (trades.size[row]! < 0 ? 'short' : 'long'),
    size: (row) => trades.size[row]!,
    entryTime: (row) => isoTime(trades.entryTs[row]!),
    entryPrice: (row) => trades.entryPrice[row]!,
    entryBar: (row) => trades.entryBar[row]!,
    exitTime: (row) => isoTime(trades.exitTs[row]!),
    exitPrice: (row) => trades.exitPrice[row]!,
    exitBar: (row) => trades.exitBar[row]!,
    pnl: (row) => trades.pnl[row]!,
    return: (row) => trades.pnl[row]! / trades.entryValue[row]!,
    fees: (row) => trades.fees[row]!,
    bars: (row) => trades.exitBar[row]! - trades.entryBar[row]!,
    mae: (row) => trades.mae[row]!,
    mfe: (row) => trades.mfe[row]!,
    exitReason: (row) => EXIT_REASONS[trades.exitReason[row]!] ?? null,
  };
  return { columns: TRADE_TABLE.map((name) => ({ name, cell: (index) => cells[name](rows[index]!) })), rows: rows.length };
}
