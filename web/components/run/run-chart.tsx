'use client';
import { useMemo, useRef, useState } from 'react';
import { timeframeMs } from '@/lib/timeframe.ts';
import type { Run } from '#shared/run.ts';
import type { IChartApi } from 'lightweight-charts';
import { PictureButton } from '@/components/charts/picture-button.tsx';
import { CREDIT_HEIGHT, TimeChart, type ChartSeries } from '@/components/charts/time-chart.tsx';
import { ProblemView } from '@/components/problem.tsx';
import { formatBarTime, formatMoney, formatPercent } from '@/lib/format.ts';
import { ChartLegend } from './chart-legend.tsx';
import { TradeNote } from './trade-note.tsx';
import { markersOf, useTrades, type Trade } from './use-trades.ts';
import { useCurve, type Curve } from './use-curve.ts';
import { usePrices, type Prices } from './use-prices.ts';

/** More marks than this would hide the price. */
const MOST_MARKED = 150;
/** More trades than this are for their own tab. */
const MOST_LOADED = 20_000;
const DAY_MS = 86_400_000;
/** Fewer points than this are all there already. */
const POINTS = 2_000;

interface Range {
  from: number;
  to: number;
}

/** Equity with its benchmark, drawdown below it, and the price with what was traded on it: one axis of time, one crosshair. */
export function RunChart({ run, ended, bars, height }: { run: Run; ended: boolean; bars: number; height: number }) {
  const { id, symbols, timeframe } = run;
  const intraday = timeframeMs(timeframe) < DAY_MS;
  const { curve, error, look } = useCurve(id, ended);
  const [log, setLog] = useState(false);
  const [symbol, setSymbol] = useState<string | null>(symbols[0] ?? null);
  const [range, setRange] = useState<Range | null>(null);
  const [sight, setSight] = useState<Range | null>(null);
  const [point, setPoint] = useState<{ time: number; values: ReadonlyMap<string, number> } | null>(null);
  const [chosen, setChosen] = useState<Trade | null>(null);
  // Its bars are known from the first checkpoint on, as is its curve.
  const hasBars = curve !== null && curve.times.length > 0;
  const { prices, error: noPrices } = usePrices(id, hasBars ? symbol : null, range, 2);
  const { trades } = useTrades(id, ended, ended && (run.metrics?.trades ?? 0) <= MOST_LOADED);
  const fetched = useRef<Range | null>(null);
  const chart = useRef<IChartApi | null>(null);

  const { series, panes, marked } = useDrawn({ curve, prices, trades, symbol, sight });

  const seen = (now: Range): void => {
    setSight(now);
    if (!ended || curve === null || bars <= POINTS) return;
    const next = windowFor(now, { from: curve.times[0]!, to: curve.times.at(-1)! }, timeframeMs(timeframe));
    if (isAlike(next, fetched.current)) return;
    fetched.current = next;
    setRange(next);
    look(next).catch(() => undefined); // what is there stays
  };
  if (error !== null && curve === null) return <ProblemView error={error} />;
  return (
    <section aria-label="Charts" className="mb-6">
      <div className="mb-1 flex min-h-8 flex-wrap items-center gap-x-3 gap-y-1">
        <ChartLegend series={series} point={point} time={point && formatBarTime(point.time, !intraday)} />
        <span className="flex-1" />
        {symbols.length > 1 && (
          <select
            aria-label="Symbol of the price"
            className="field w-32"
            value={symbol ?? ''}
            onChange={(event) => setSymbol(event.target.value)}
          >
            {symbols.map((each) => (
              <option key={each}>{each}</option>
            ))}
          </select>
        )}
        <label className="flex items-center gap-1.5">
          <input type="checkbox" checked={log} onChange={(event) => setLog(event.target.checked)} /> Log scale
        </label>
        <PictureButton
          title={run.name}
          curves={series.map(({ title, tone, kind }) => ({ text: title, tone: kind === 'candles' ? 'gain' : tone }))}
          picture={() => chart.current?.takeScreenshot() ?? null}
        />
      </div>
      {/* Panes that came one by one would move each other. */}
      {curve === null ? (
        <div style={{ height: height + CREDIT_HEIGHT }} className="skeleton" />
      ) : (
        <TimeChart
          label={`Equity, drawdown and price of ${run.name}`}
          series={series}
          panes={panes}
          height={height}
          log={log}
          intraday={intraday}
          chart={chart}
          onRange={seen}
          onPoint={setPoint}
          onMarker={(number) => setChosen(trades?.[Number(number) - 1] ?? null)}
        />
      )}
      <ChartNote marked={marked} noPrices={noPrices} />
      {chosen && <TradeNote trade={chosen} daily={!intraday} onClose={() => setChosen(null)} />}
    </section>
  );
}

function ChartNote({ marked, noPrices }: { marked: number; noPrices: unknown }) {
  return (
    <p className="mt-1 min-h-5 text-xs text-muted">
      {marked > MOST_MARKED
        ? `${marked} trades are in sight: zoom in to see them marked.`
        : marked > 0
          ? 'Choose a mark to see why the trade was made.'
          : ' '}
      {noPrices instanceof Error && ` No price: ${noPrices.message}`}
    </p>
  );
}

interface Drawn {
  curve: Curve | null;
  prices: Prices | null;
  trades: readonly Trade[] | undefined;
  symbol: string | null;
  sight: Range | null;
}

/** What is drawn, in the same arrays as before where nothing has changed. */
function useDrawn({ curve, prices, trades, symbol, sight }: Drawn) {
  // Times are read once, and not at each move.
  const spans = useMemo(() => trades?.filter((trade) => trade.symbol === symbol).map(spanOf) ?? [], [trades, symbol]);
  const marks = useMemo(() => {
    const seen = spans.filter(({ from, to }) => sight === null || (to >= sight.from && from <= sight.to)).map(({ trade }) => trade);
    return { all: seen.length, shown: seen.length > MOST_MARKED ? [] : seen.flatMap(markersOf).toSorted((a, b) => a.time - b.time) };
  }, [spans, sight]);
  const money = useMemo(() => (curve === null ? [] : moneySeries(curve)), [curve]);
  const series = useMemo(
    () => [...money, ...(prices?.series.map((each) => (each.key === 'price' ? { ...each, markers: marks.shown } : each)) ?? [])],
    [money, prices, marks],
  );
  const panes = useMemo(() => [5, 2, ...(prices === null ? [] : [5, ...(prices.panes > 1 ? [2] : [])])], [prices]);
  return { series, panes, marked: marks.all };
}

function moneySeries({ times, equity, drawdown, benchmark }: Curve): ChartSeries[] {
  const money: ChartSeries[] = [
    { key: 'equity', title: 'Equity', kind: 'line', tone: 'accent', pane: 0, data: { times, values: equity }, format: formatMoney },
    { key: 'drawdown', title: 'Drawdown', kind: 'fall', tone: 'loss', pane: 1, data: { times, values: drawdown }, format: formatPercent },
  ];
  if (benchmark.length === 0) return money;
  const data = { times, values: benchmark };
  return [{ key: 'benchmark', title: 'Benchmark', kind: 'line', tone: 'grey-line', pane: 0, data, format: formatMoney }, ...money];
}

function spanOf(trade: Trade): Range & { trade: Trade } {
  return { trade, from: Date.parse(trade.entryTime), to: Date.parse(trade.exitTime) };
}

/** What to fetch for what is in sight: half as much again on each side, so that a small move needs nothing new. Null for the whole. */
function windowFor({ from, to }: Range, all: Range, barMs: number): Range | null {
  const width = to - from;
  if (width > (all.to - all.from) * 0.6) return null;
  const step = Math.max(barMs, width / 4);
  const down = (time: number): number => Math.floor(time / step) * step;
  return { from: Math.max(all.from, down(from - width / 2)), to: Math.min(all.to, down(to + width / 2) + step) };
}

/** Whether one of two windows would do for the other. */
function isAlike(a: Range | null, b: Range | null): boolean {
  if (a === null || b === null) return a === b;
  const slack = (b.to - b.from) / 5;
  return Math.abs(a.from - b.from) < slack && Math.abs(a.to - b.to) < slack;
}
