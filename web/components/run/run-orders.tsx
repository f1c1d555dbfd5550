'use client';
import { useMemo, useState } from 'react';
import { isTerminal } from '#shared/names.ts';
import type { OrderReason, OrderStatus, OrderType } from '#shared/orders.ts';
import type { Run } from '#shared/run.ts';
import { EmptyState, ProblemView } from '@/components/problem.tsx';
import { SkeletonRows } from '@/components/skeleton.tsx';
import { Table, type Column } from '@/components/table.tsx';
import { formatBarTime, formatCount, formatMoney, formatPrice } from '@/lib/format.ts';
import { rowsOf, type ColumnTable } from '@/lib/series.ts';
import { timeframeMs } from '@/lib/timeframe.ts';
import { useApi } from '@/lib/use-api.ts';

interface Order {
  row: number;
  symbol: string;
  time: string;
  order: number;
  type: OrderType;
  side: 'buy' | 'sell';
  size: number | null;
  price: number | null;
  status: OrderStatus;
  filledSize: number;
  filledPrice: number | null;
  fee: number;
  reason: OrderReason | null;
}

/** Why an order was not traded, or not wholly, in words. */
const REASONS: Partial<Record<OrderReason, string>> = {
  no_money: 'not enough money',
  margin: 'not enough margin',
  below_lot: 'smaller than the smallest lot',
  bad_size: 'its size is none',
  bad_price: 'its price is none',
  bad_bracket: 'a stop or target on the wrong side',
  unknown_symbol: 'unknown symbol',
  not_tradable: 'not tradable',
  nothing_to_close: 'nothing to close',
  position_limit: 'limit of a position reached',
  exposure_limit: 'limit of the exposure reached',
  outside_bar: 'the price was not reached',
  volume: 'too little volume',
  day_over: 'the day was over',
  bars_over: 'it had waited long enough',
  by_strategy: 'cancelled by the strategy',
  oco: 'the other leg was filled',
  replaced: 'replaced by another',
  run_ended: 'the run ended',
  'stop-loss': 'stop loss',
  'take-profit': 'take profit',
  'trailing-stop': 'trailing stop',
  'margin-call': 'margin call',
  bankrupt: 'the account was ruined',
  not_a_member: 'no member of the universe',
  universe: 'left the universe',
};
const DAY_MS = 86_400_000;

/** What became of every order; first of all those that were not filled. */
export function RunOrders({ run }: { run: Run }) {
  const daily = timeframeMs(run.timeframe) >= DAY_MS;
  const ended = isTerminal(run.status);
  const { data, error, mutate } = useApi<ColumnTable>(`/v1/backtests/${run.id}/orders`, { revalidateOnFocus: !ended });
  const [status, setStatus] = useState<OrderStatus | ''>('');
  const orders = useMemo(() => data && rowsOf<Omit<Order, 'row'>>(data).map((order, row): Order => ({ ...order, row })), [data]);
  const counts = useMemo(
    () => orders && Object.entries(Object.groupBy(orders, (order) => order.status)).map(([name, of]) => [name, of.length] as const),
    [orders],
  );
  const columns = useMemo(() => columnsOf(daily), [daily]);
  if (error) return <ProblemView error={error} retry={() => void mutate()} />;
  if (orders === undefined || counts === undefined) return <SkeletonRows rows={14} label="The orders are loading" />;
  if (orders.length === 0) return <EmptyState title="No orders">The strategy sent none{ended ? '' : ' yet'}.</EmptyState>;
  const shown = status === '' ? orders : orders.filter((order) => order.status === status);
  return (
    <>
      <div className="mb-2 flex flex-wrap items-center gap-2">
        <select
          aria-label="What became of them"
          className="field w-48"
          value={status}
          onChange={(event) => setStatus(event.target.value as OrderStatus | '')}
        >
          <option value="">All ({formatCount(orders.length)})</option>
          {counts.map(([name, count]) => (
            <option key={name} value={name}>
              {name} ({formatCount(count)})
            </option>
          ))}
        </select>
        <span role="status" className="text-muted">
          {formatCount(orders.filter((order) => order.status === 'rejected').length)} rejected
        </span>
      </div>
      <Table label="Orders" columns={columns} rows={shown} rowKey={({ row }) => String(row)} height="min(70dvh, 900px)" />
    </>
  );
}

function columnsOf(daily: boolean): Column<Order>[] {
  return [
    { key: 'time', title: 'Time', cell: ({ time }) => formatBarTime(time, daily) },
    { key: 'symbol', title: 'Symbol', width: '90px', cell: ({ symbol }) => symbol },
    { key: 'side', title: 'Side', width: '60px', cell: ({ side }) => side },
    { key: 'type', title: 'Type', from: 'md', width: '110px', cell: ({ type }) => type },
    { key: 'size', title: 'Size', align: 'right', from: 'md', cell: ({ size }) => formatPrice(size) },
    { key: 'price', title: 'Price', align: 'right', from: 'lg', cell: ({ price }) => formatPrice(price) },
    { key: 'status', title: 'Became', cell: ({ status }) => <span className={status === 'rejected' ? 'text-loss' : ''}>{status}</span> },
    { key: 'reason', title: 'Why', cell: ({ reason }) => (reason === null ? '' : (REASONS[reason] ?? reason)) },
    { key: 'filledSize', title: 'Filled', align: 'right', from: 'lg', cell: ({ filledSize }) => formatPrice(filledSize) },
    { key: 'filledPrice', title: 'at', align: 'right', from: 'lg', cell: ({ filledPrice }) => formatPrice(filledPrice) },
    { key: 'fee', title: 'Fee', align: 'right', from: 'xl', cell: ({ fee }) => formatMoney(fee) },
  ];
}
