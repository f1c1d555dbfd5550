import type { TradeBlock } from '../../../shared/series.ts';
import type { AnalysisTables, HoldingTimes, TradePoints } from '../../../shared/tables.ts';
import { createColumnLog, reserve, takeRows, type Columns } from '../../columns.ts';
import { DAY_MS } from '../../timeframes/local-time.ts';
import { definedOrNull } from '../defined.ts';
import { momentsOf } from '../moments.ts';
import { takeQuantile } from '../quantiles.ts';
import { isOpen, tradeReturn } from '../trades.ts';
import { evenly } from './evenly.ts';

const POINT = ['exitTs', 'return', 'mae', 'mfe', 'days', 'bars', 'pnl'] as const;
type Points = Columns<(typeof POINT)[number]>;

/** Keeps what tables and charts show of each closed trade; positions that are still open are left out. */
export function createTradePoints(most: number) {
  const log = createColumnLog(POINT);

  function append(block: TradeBlock, row: number): void {
    const { columns, length } = log;
    columns.exitTs[length] = block.exitTs[row]!;
    columns.return[length] = tradeReturn(block, row);
    columns.mae[length] = block.mae[row]!;
    columns.mfe[length] = block.mfe[row]!;
    columns.days[length] = (block.exitTs[row]! - block.entryTs[row]!) / DAY_MS;
    columns.bars[length] = block.exitBar[row]! - block.entryBar[row]!;
    columns.pnl[length] = block.pnl[row]!;
    log.length++;
  }

  return {
    add(block: TradeBlock): void {
      reserve(log, block.size.length);
      for (let i = 0; i < block.size.length; i++) if (!isOpen(block, i)) append(block, i);
    },
    finish(): Pick<AnalysisTables, 'tradePoints' | 'holdingTimes'> {
      const points = takeRows(log);
      const { pnl } = points;
      return {
        tradePoints: shownOf(points, most),
        holdingTimes: {
          all: holdingTimes(points, () => true),
          wins: holdingTimes(points, (row) => pnl[row]! > 0),
          losses: holdingTimes(points, (row) => pnl[row]! < 0),
        },
      };
    },
  };
}

function shownOf(points: Points, most: number): TradePoints {
  const rows = evenly(points.pnl.length, most);
  const column = (name: keyof Points) => rows.map((row) => definedOrNull(points[name][row]!));
  return {
    trades: points.pnl.length,
    exit: rows.map((row) => new Date(points.exitTs[row]!).toISOString()),
    return: column('return'),
    mae: column('mae'),
    mfe: column('mfe'),
    days: rows.map((row) => points.days[row]!),
  };
}

function holdingTimes({ days, bars }: Points, belongs: (row: number) => boolean): HoldingTimes {
  const own = days.filter((_, row) => belongs(row));
  const ownBars = bars.filter((_, row) => belongs(row));
  return {
    trades: own.length,
    meanDays: definedOrNull(momentsOf(own).mean),
    longestDays: definedOrNull(takeQuantile(own, 1).value),
    medianDays: definedOrNull(takeQuantile(own, 0.5).value),
    meanBars: definedOrNull(momentsOf(ownBars).mean),
  };
}
