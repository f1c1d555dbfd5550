import { useEffect, useRef, useState } from 'react';
import { getApi } from '@/lib/use-api.ts';
import { onEquity } from '@/lib/live.ts';
import { numbersOf, timesOf, type ColumnTable } from '@/lib/series.ts';

export interface Curve {
  times: Float64Array;
  equity: Float64Array;
  drawdown: Float64Array;
  /** Empty where there is none. */
  benchmark: Float64Array;
}
type EquityTable = ColumnTable<'time' | 'equity' | 'drawdown' | 'benchmark'>;

/** Points over the whole run, and as many in sight once someone looks closer. */
const POINTS = 2_000;
/** On each side of it, so that the chart has less to draw anew at each move. */
const BESIDE = 300;

/** The curve of a run. While it goes on it grows by what the event stream tells; afterwards `look` fetches more of a part of it. */
export function useCurve(id: string, ended: boolean) {
  const [curve, setCurve] = useState<Curve | null>(null);
  const [error, setError] = useState<unknown>(null);
  const whole = useRef<Curve | null>(null);

  useEffect(() => {
    let isCurrent = true;
    const read = async (): Promise<void> => {
      const read_ = await readCurve(`/v1/backtests/${id}/equity?points=${POINTS}`);
      if (!isCurrent) return;
      whole.current = whole.current === null || ended ? read_ : joined(read_, whole.current);
      setCurve(whole.current);
    };
    read().catch((refused: unknown) => isCurrent && setError(refused));
    const stop = ended
      ? undefined
      : onEquity(id, ({ columns: { time, equity } }) => {
          const told = withDrawdown(timesOf(time), Float64Array.from(equity));
          whole.current = whole.current === null ? told : joined(whole.current, told);
          setCurve(whole.current);
        });
    return () => {
      isCurrent = false;
      stop?.();
    };
  }, [id, ended]);

  /** Shows a part of the run in full, and the rest of it roughly. */
  const look = async (range: { from: number; to: number } | null): Promise<void> => {
    if (whole.current === null) return;
    if (range === null) return setCurve(whole.current);
    const part = await readCurve(`/v1/backtests/${id}/equity?points=${POINTS}&from=${iso(range.from)}&to=${iso(range.to)}`);
    setCurve(joined(thinned(before(whole.current, range.from)), part, thinned(after(whole.current, range.to))));
    return undefined;
  };
  return { curve, error, look };
}

export const iso = (ms: number): string => new Date(ms).toISOString();

async function readCurve(path: string): Promise<Curve> {
  const { columns } = await getApi<EquityTable>(path);
  const benchmark = numbersOf(columns.benchmark);
  const equity = numbersOf(columns.equity);
  const times = timesOf(columns.time);
  const drawdown = numbersOf(columns.drawdown);
  const hasDrawdown = drawdown.some((value) => !Number.isNaN(value));
  return {
    times,
    equity,
    drawdown: hasDrawdown ? drawdown : withDrawdown(times, equity).drawdown,
    benchmark: benchmark.some((value) => !Number.isNaN(value)) ? benchmark : new Float64Array(0),
  };
}

function withDrawdown(times: Float64Array, equity: Float64Array): Curve {
  let peak = -Infinity;
  return { times, equity, drawdown: equity.map((value) => value / (peak = Math.max(peak, value)) - 1), benchmark: new Float64Array(0) };
}

/** Curves after each other; of points that two have, those of the earlier one count. */
function joined(first: Curve, ...others: readonly Curve[]): Curve {
  let all = first;
  for (const next of others) {
    const last = all.times.at(-1) ?? -Infinity;
    const from = next.times.findIndex((time) => time > last);
    if (from === -1) continue;
    const times = concat(all.times, next.times.subarray(from));
    const equity = concat(all.equity, next.equity.subarray(from));
    const hasBenchmark = (all.benchmark.length > 0 || all.times.length === 0) && next.benchmark.length > 0;
    const stored = concat(all.drawdown, next.drawdown.subarray(from));
    // What events tell knows no earlier peak.
    const drawdown = first.benchmark.length === 0 && next.benchmark.length === 0 ? withDrawdown(times, equity).drawdown : stored;
    all = { times, equity, drawdown, benchmark: hasBenchmark ? concat(all.benchmark, next.benchmark.subarray(from)) : new Float64Array(0) };
  }
  return all;
}

function concat(a: Float64Array, b: Float64Array): Float64Array {
  const both = new Float64Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}

function part(curve: Curve, start: number, end: number): Curve {
  const { times, equity, drawdown, benchmark } = curve;
  return {
    times: times.subarray(start, end),
    equity: equity.subarray(start, end),
    drawdown: drawdown.subarray(start, end),
    benchmark: benchmark.length === 0 ? benchmark : benchmark.subarray(start, end),
  };
}
function thinned(curve: Curve): Curve {
  const step = Math.ceil(curve.times.length / BESIDE);
  if (step <= 1) return curve;
  const every = (values: Float64Array): Float64Array => values.filter((_, index) => index % step === 0);
  return { times: every(curve.times), equity: every(curve.equity), drawdown: every(curve.drawdown), benchmark: every(curve.benchmark) };
}

function before(curve: Curve, time: number): Curve {
  const end = curve.times.findIndex((each) => each >= time);
  return part(curve, 0, end === -1 ? curve.times.length : end);
}
function after(curve: Curve, time: number): Curve {
  const start = curve.times.findIndex((each) => each > time);
  return part(curve, start === -1 ? curve.times.length : start, curve.times.length);
}
