import { ORDER_COLUMNS, type OrderBlock } from '../../shared/series.ts';
import { createColumnLog, reserve, type ColumnLog } from '../columns.ts';

export type OrderRow = Record<keyof OrderBlock, number>;
export type OrderLog = ColumnLog<keyof OrderBlock>;

export function createOrderLog(): OrderLog {
  return createColumnLog(ORDER_COLUMNS);
}

/** Written out for the reason that {@link appendTrade} gives. */
export function appendOrder(log: OrderLog, row: OrderRow): void {
  reserve(log, 1);
  const { columns, length } = log;
  columns.ts[length] = row.ts;
  columns.bar[length] = row.bar;
  columns.symbol[length] = row.symbol;
  columns.order[length] = row.order;
  columns.type[length] = row.type;
  columns.side[length] = row.side;
  columns.size[length] = row.size;
  columns.price[length] = row.price;
  columns.status[length] = row.status;
  columns.filledSize[length] = row.filledSize;
  columns.filledPrice[length] = row.filledPrice;
  columns.fee[length] = row.fee;
  columns.reason[length] = row.reason;
  log.length++;
}
