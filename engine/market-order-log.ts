import type { OrderReason } from '../shared/orders.ts';
import { orderCode, type OrderBlock } from '../shared/series.ts';
import { appendOrder, createOrderLog, type OrderRow } from './broker/order-log.ts';
import type { TakeRows } from './columns.ts';

/** What one order got, all its halves together. */
export interface Got {
  units: number;
  price: number;
  fee: number;
}

/** How a market order ended at a bar: `reason` says why not, or only in part. */
export interface Ended {
  side: number;
  id: number;
  reason: OrderReason;
}

/** The order log of a simulation that knows market orders on one symbol only. `ts` are the times of all bars. */
export function createMarketOrderLog(ts: Float64Array) {
  const log = createOrderLog();
  const row: OrderRow = emptyRow();
  return {
    /** Adds a row: filled, refused, or, where a reversal was closed but the entry refused, filled in part. */
    add(bar: number, { side, id, reason }: Ended, got: Got): void {
      const isFilled = reason === 'none' || reason === 'bankrupt';
      row.ts = ts[bar]!;
      row.bar = bar;
      row.order = id;
      row.side = side;
      row.size = isFilled ? got.units : Number.NaN;
      row.status = orderCode.status(isFilled ? 'filled' : got.units > 0 ? 'partially-filled' : 'rejected');
      row.filledSize = got.units;
      row.filledPrice = got.price;
      row.fee = got.fee;
      row.reason = orderCode.reason(reason);
      appendOrder(log, row);
    },
    take: (rows: TakeRows): OrderBlock => rows(log),
  };
}

/** What all rows have in common; the rest is still to be said. */
function emptyRow(): OrderRow {
  const given = { symbol: 0, type: orderCode.type('market'), price: NaN };
  return { ...given, ts: NaN, bar: 0, order: 0, side: 0, size: NaN, status: 0, filledSize: NaN, filledPrice: NaN, fee: NaN, reason: 0 };
}
