import { useEffect, useMemo, useState } from 'react';
import type { Candles } from '@/components/charts/chart-points.ts';
import type { ChartSeries } from '@/components/charts/time-chart.tsx';
import { formatPrice } from '@/lib/format.ts';
import { numbersOf, timesOf, type ColumnTable } from '@/lib/series.ts';
import { getApi } from '@/lib/use-api.ts';
import { iso } from './use-curve.ts';

const PRICES = new Set(['time', 'open', 'high', 'low', 'close', 'volume']);
const POINTS = 2_000;
const TONES = ['warn', 'grey-line', 'accent', 'loss', 'gain'];
/** An indicator that stays within this share of the price is drawn over it, any other one below. */
const NEAR = 3;

export interface Prices {
  series: ChartSeries[];
  panes: number;
}

/** Bars of a symbol with what the strategy looked at, for the panes from `firstPane` on; empty until they are there, null where there are none. */
export function usePrices(id: string, symbol: string | null, range: { from: number; to: number } | null, firstPane: number) {
  const [prices, setPrices] = useState<Prices | null>(null);
  const [error, setError] = useState<unknown>(null);
  const window_ = range === null ? '' : `&from=${iso(range.from)}&to=${iso(range.to)}`;
  useEffect(() => {
    if (symbol === null) return undefined;
    let isCurrent = true;
    getApi<ColumnTable>(`/v1/backtests/${id}/indicators?symbol=${encodeURIComponent(symbol)}&points=${POINTS}${window_}`).then(
      (table) => {
        if (!isCurrent) return;
        setPrices(seriesOf(table, symbol, firstPane));
        setError(null);
      },
      (refused: unknown) => isCurrent && setError(refused),
    );
    return () => {
      isCurrent = false;
    };
  }, [id, symbol, window_, firstPane]);
  const toCome = useMemo(() => emptyPrices(firstPane), [firstPane]);
  return { prices: symbol === null ? null : (prices ?? (error === null ? toCome : null)), error };
}

function seriesOf({ columns }: ColumnTable, symbol: string, firstPane: number): Prices {
  const times = timesOf(columns['time']!);
  const numbers = (name: string): Float64Array => numbersOf(columns[name]!);
  const close = numbers('close');
  const candles: Candles = { times, open: numbers('open'), high: numbers('high'), low: numbers('low'), close };
  const level = median(close);
  const indicators = Object.keys(columns).filter((name) => !PRICES.has(name));
  let below = 0;
  const lines = indicators.map((name, index): ChartSeries => {
    const values = numbers(name);
    const isNear = level / NEAR < Math.abs(median(values)) && Math.abs(median(values)) < level * NEAR;
    if (!isNear) below = 1;
    return {
      key: `indicator ${name}`,
      title: name,
      kind: 'line',
      tone: TONES[index % TONES.length]!,
      pane: firstPane + (isNear ? 0 : 1),
      data: { times, values },
      format: formatPrice,
    };
  });
  return { series: [priceSeries(symbol, candles, firstPane), ...lines], panes: 1 + below };
}

function priceSeries(title: string, data: Candles, pane: number): ChartSeries {
  return { key: 'price', title, kind: 'candles', tone: 'ink', pane, data, format: formatPrice };
}

/** Keeps their place: the panes above would move when they come. */
function emptyPrices(firstPane: number): Prices {
  const data = { times: [], open: [], high: [], low: [], close: [] };
  return { series: [priceSeries('Price', data, firstPane)], panes: 1 };
}

function median(values: Float64Array): number {
  const known = values.filter((value) => !Number.isNaN(value)).sort();
  return known[Math.floor(known.length / 2)] ?? NaN;
}
