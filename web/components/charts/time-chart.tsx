'use client';
import {
  AreaSeries,
  BaselineSeries,
  CandlestickSeries,
  ColorType,
  CrosshairMode,
  HistogramSeries,
  LineSeries,
  PriceScaleMode,
  createChart,
  createSeriesMarkers,
  type IChartApi,
  type ISeriesApi,
  type ISeriesMarkersPluginApi,
  type LogicalRange,
  type SeriesMarker,
  type SeriesType,
  type Time,
} from 'lightweight-charts';
import { useEffect, useRef, type RefObject } from 'react';
import { colour, theme } from '@/lib/theme.ts';
import { useStore } from '@/lib/store.ts';
import { pointsOf, seconds, type Candles, type Line } from './chart-points.ts';

export interface ChartMarker {
  time: number;
  /** Entries point up from below the bar, exits down from above. */
  side: 'in' | 'out';
  tone: 'gain' | 'loss' | 'plain';
  text?: string;
  id: string;
}
export interface ChartSeries {
  key: string;
  title: string;
  kind: 'line' | 'area' | 'fall' | 'candles' | 'bars';
  /** Name of a colour of globals.css. */
  tone: string;
  pane: number;
  data: Line | Candles;
  format?: (value: number) => string;
  markers?: readonly ChartMarker[];
}
interface Props {
  label: string;
  series: readonly ChartSeries[];
  /** Relative heights of the panes. */
  panes: readonly number[];
  height: number;
  /** Panes with a logarithmic scale. */
  log?: boolean;
  /** Whether bars have a time of day worth showing. */
  intraday?: boolean;
  /** Told what is in sight, in ms, some moments after it has changed. */
  onRange?: (range: { from: number; to: number }) => void;
  onMarker?: (id: string) => void;
  /** What the crosshair is at, for a legend; null when it leaves. */
  onPoint?: (at: { time: number; values: ReadonlyMap<string, number> } | null) => void;
  chart?: RefObject<IChartApi | null>;
}

const RANGE_PAUSE_MS = 150;
/** Of the line below each chart, in CSS pixels. */
export const CREDIT_HEIGHT = 16;

type AnySeries = ISeriesApi<SeriesType>;
interface Drawn {
  api: AnySeries;
  markers: ISeriesMarkersPluginApi<Time> | null;
  data: unknown;
  shownMarkers: unknown;
}

/** Curves above each other on one axis of time, with one crosshair. Give the same arrays again where nothing has changed: they are not drawn anew. */
export function TimeChart(props: Props) {
  const { label, series, panes, height, log = false, intraday = false } = props;
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<IChartApi | null>(null);
  const drawn = useRef(new Map<string, Drawn>());
  /** Whether someone has moved or zoomed it; until then all is shown. */
  const isTouched = useRef(false);
  const latest = useRef(props);
  // First of the effects: the others read it.
  useEffect(() => {
    latest.current = props;
  });
  const shownTheme = useStore(theme);

  useEffect(() => {
    const made = createChart(box.current!, { autoSize: true, ...looks(intraday) });
    chart.current = made;
    if (latest.current.chart) latest.current.chart.current = made;
    const known = drawn.current;
    const stop = listen(made, known, latest);
    return () => {
      stop();
      known.clear();
      chart.current = null;
      made.remove();
    };
  }, [intraday]);

  useEffect(() => {
    const made = chart.current!;
    made.applyOptions(looks(intraday));
    for (const [key, { api, markers }] of drawn.current) {
      const wanted = latest.current.series.find((each) => each.key === key);
      if (wanted) api.applyOptions(seriesLooks(wanted));
      if (wanted?.markers) markers?.setMarkers(wanted.markers.map(markerOf));
    }
  }, [shownTheme, intraday]);

  useEffect(() => {
    const scale = chart.current!.timeScale();
    // Data that come or grow must not move what someone looks at.
    const kept = isTouched.current ? scale.getVisibleRange() : null;
    draw(chart.current!, drawn.current, series);
    if (kept === null) scale.fitContent();
    else scale.setVisibleRange(kept);
    const heights = chart.current!.panes();
    panes.forEach((share, index) => heights[index]?.setStretchFactor(share));
  }, [series, panes, shownTheme, intraday]);

  useEffect(() => {
    for (const { api } of drawn.current.values())
      api.priceScale().applyOptions({ mode: log && api.seriesType() !== 'Baseline' ? PriceScaleMode.Logarithmic : PriceScaleMode.Normal });
  }, [log, series]);

  return (
    <>
      <div
        ref={box}
        role="img"
        aria-label={label}
        onWheel={() => (isTouched.current = true)}
        onPointerDown={() => (isTouched.current = true)}
        onDoubleClick={() => {
          isTouched.current = false;
          chart.current?.timeScale().fitContent();
        }}
        style={{ height }}
        className="w-full"
      />
      {/* The licence of the charts asks for it. */}
      <p style={{ height: CREDIT_HEIGHT }} className="text-right text-xs text-muted">
        Chart:{' '}
        <a className="underline" href="https://www.tradingview.com/">
          TradingView
        </a>{' '}
        Lightweight Charts™
      </p>
    </>
  );
}

function draw(chart: IChartApi, drawn: Map<string, Drawn>, series: readonly ChartSeries[]): void {
  for (const [key, { api }] of drawn) {
    if (series.some((each) => each.key === key)) continue;
    chart.removeSeries(api);
    drawn.delete(key);
  }
  for (const wanted of series) {
    const now = drawn.get(wanted.key) ?? { api: addSeries(chart, wanted), markers: null, data: null, shownMarkers: null };
    drawn.set(wanted.key, now);
    if (now.data !== wanted.data) now.api.setData(pointsOf(wanted.data) as never);
    now.data = wanted.data;
    if (wanted.markers !== undefined && now.shownMarkers !== wanted.markers) {
      now.markers ??= createSeriesMarkers(now.api);
      now.markers.setMarkers(wanted.markers.map(markerOf));
      now.shownMarkers = wanted.markers;
    }
  }
}

function addSeries(chart: IChartApi, wanted: ChartSeries): AnySeries {
  const kinds = { line: LineSeries, area: AreaSeries, fall: BaselineSeries, candles: CandlestickSeries, bars: HistogramSeries } as const;
  return chart.addSeries(kinds[wanted.kind] as typeof LineSeries, seriesLooks(wanted) as object, wanted.pane) as AnySeries;
}

function seriesLooks({ kind, tone, title, format }: ChartSeries): object {
  const line = colour(tone);
  const common = {
    title: '',
    lastValueVisible: false,
    priceLineVisible: false,
    ...(format && { priceFormat: { type: 'custom', formatter: format, minMove: 1e-8 } }),
  };
  switch (kind) {
    case 'line':
      return { ...common, color: line, lineWidth: title === 'Benchmark' ? 1 : 2 };
    case 'area':
      return { ...common, lineColor: line, lineWidth: 2, topColor: `${line}33`, bottomColor: `${line}08` };
    case 'fall':
      return {
        ...common,
        baseValue: { type: 'price', price: 0 },
        bottomLineColor: line,
        bottomFillColor1: `${line}10`,
        bottomFillColor2: `${line}40`,
        topLineColor: line,
        lineWidth: 1,
      };
    case 'bars':
      return { ...common, color: line };
    case 'candles': {
      const [up, down] = [colour('gain'), colour('loss')];
      return { ...common, upColor: up, downColor: down, wickUpColor: up, wickDownColor: down, borderVisible: false };
    }
  }
}

function looks(intraday: boolean): object {
  const [ground, ink, line] = [colour('ground'), colour('muted'), colour('line')];
  return {
    layout: {
      background: { type: ColorType.Solid, color: ground },
      textColor: ink,
      attributionLogo: false, // named below
      panes: { separatorColor: line, separatorHoverColor: line, enableResize: false },
      fontFamily: getComputedStyle(document.body).fontFamily,
    },
    grid: { vertLines: { visible: false }, horzLines: { color: line } },
    crosshair: { mode: CrosshairMode.Magnet },
    rightPriceScale: { borderColor: line },
    timeScale: { borderColor: line, timeVisible: intraday, minBarSpacing: 0.001 },
  };
}

function listen(chart: IChartApi, drawn: ReadonlyMap<string, Drawn>, latest: RefObject<Props>): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const scale = chart.timeScale();
  const ranged = (_range: LogicalRange | null): void => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const range = scale.getVisibleRange();
      if (range !== null) latest.current.onRange?.({ from: Number(range.from) * 1_000, to: Number(range.to) * 1_000 });
    }, RANGE_PAUSE_MS);
  };
  scale.subscribeVisibleLogicalRangeChange(ranged);
  chart.subscribeCrosshairMove(({ time, seriesData }) => {
    if (time === undefined) return latest.current.onPoint?.(null);
    const values = new Map<string, number>();
    for (const [key, { api }] of drawn) {
      const point = seriesData.get(api);
      const value = point && ('value' in point ? point.value : 'close' in point ? point.close : undefined);
      if (value !== undefined) values.set(key, value);
    }
    return latest.current.onPoint?.({ time: Number(time) * 1_000, values });
  });
  chart.subscribeClick(({ hoveredObjectId }) => {
    if (typeof hoveredObjectId === 'string') latest.current.onMarker?.(hoveredObjectId);
  });
  return () => clearTimeout(timer);
}

function markerOf({ time, side, tone, text, id }: ChartMarker): SeriesMarker<Time> {
  return {
    id,
    time: seconds(time),
    position: side === 'in' ? 'belowBar' : 'aboveBar',
    shape: side === 'in' ? 'arrowUp' : 'arrowDown',
    color: colour(tone === 'plain' ? 'accent' : tone),
    ...(text !== undefined && { text }),
  };
}
