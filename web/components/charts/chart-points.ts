import type { UTCTimestamp } from 'lightweight-charts';

/** Columns of a series: times in ms, rising, and a value for each; NaN leaves a gap. */
export interface Line {
  times: ArrayLike<number>;
  values: ArrayLike<number>;
}
export interface Candles {
  times: ArrayLike<number>;
  open: ArrayLike<number>;
  high: ArrayLike<number>;
  low: ArrayLike<number>;
  close: ArrayLike<number>;
}

/** As the chart counts time. */
export const seconds = (ms: number): UTCTimestamp => Math.floor(ms / 1_000) as UTCTimestamp;

/** Times must rise strictly for the chart; of bars within one second the last one counts. */
export function pointsOf(data: Line | Candles): object[] {
  const points: object[] = [];
  let before = -Infinity;
  for (let i = 0; i < data.times.length; i++) {
    const time = seconds(data.times[i]!);
    const point = 'values' in data ? linePoint(time, data.values[i]!) : candle(time, data, i);
    if (time > before) points.push(point);
    else points[points.length - 1] = point;
    before = time;
  }
  return points;
}

function linePoint(time: UTCTimestamp, value: number): object {
  return Number.isFinite(value) ? { time, value } : { time };
}

function candle(time: UTCTimestamp, { open, high, low, close }: Candles, i: number): object {
  return Number.isFinite(close[i]!) ? { time, open: open[i]!, high: high[i]!, low: low[i]!, close: close[i]! } : { time };
}
