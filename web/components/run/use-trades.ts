import { useMemo } from 'react';
import type { ExitReason } from '#shared/run.ts';
import type { ChartMarker } from '@/components/charts/time-chart.tsx';
import { rowsOf, type ColumnTable } from '@/lib/series.ts';
import { useApi } from '@/lib/use-api.ts';

export interface Trade {
  /** Its place in the run. */
  number: number;
  symbol: string;
  side: 'long' | 'short';
  size: number;
  entryTime: string;
  entryPrice: number;
  exitTime: string;
  exitPrice: number;
  pnl: number;
  return: number | null;
  fees: number;
  bars: number;
  mae: number | null;
  mfe: number | null;
  entryTag: string | null;
  exitReason: ExitReason;
}

/** Why a trade was left, in words. */
export const EXITS: Record<ExitReason, string> = {
  signal: 'Signal to leave',
  end: 'End of the data',
  bankrupt: 'The account was ruined',
  'stop-loss': 'Stop loss',
  'take-profit': 'Take profit',
  'trailing-stop': 'Trailing stop',
  expiry: 'Expiry',
  'margin-call': 'Margin call',
  universe: 'Left the universe',
};

export function useTrades(id: string, ended: boolean, wanted = true) {
  const { data, error, mutate } = useApi<ColumnTable>(wanted ? `/v1/backtests/${id}/trades` : null, {
    revalidateOnFocus: !ended,
    refreshInterval: ended ? 0 : 5_000,
  });
  const trades = useMemo(
    () => data && rowsOf<Omit<Trade, 'number'>>(data).map((row, index): Trade => ({ ...row, number: index + 1 })),
    [data],
  );
  return { trades, error, retry: () => void mutate() };
}

/** Entry and exit of a trade on the price. */
export function markersOf(trade: Trade): [ChartMarker, ChartMarker] {
  const tone = trade.pnl > 0 ? 'gain' : 'loss';
  const id = String(trade.number);
  const entry: ChartMarker = { id, time: Date.parse(trade.entryTime), side: trade.side === 'long' ? 'in' : 'out', tone: 'plain' };
  const exit: ChartMarker = { id, time: Date.parse(trade.exitTime), side: trade.side === 'long' ? 'out' : 'in', tone };
  return [entry, exit];
}
