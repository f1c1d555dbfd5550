import { closeSync, fstatSync, openSync, readSync, writeFileSync } from 'node:fs';
import { nextUniform, seededState } from '../../engine/seeded-random.ts';
import type { Bars } from '../../shared/bars.ts';

/** Columns of the file that every engine reads: raw little-endian doubles, one column after the other. */
const COLUMNS = ['ts', 'open', 'high', 'low', 'close', 'volume'] as const;

const START_MS = Date.UTC(2020, 0, 1);
const MINUTE_MS = 60_000;
const DOUBLE = Float64Array.BYTES_PER_ELEMENT;

/** The first `count` bars of a file, in memory that threads can share. */
export function readBars(file: string, count: number): Bars {
  const handle = openSync(file, 'r');
  try {
    const rows = fstatSync(handle).size / DOUBLE / COLUMNS.length;
    if (count > rows) throw new RangeError(`${file} has ${rows} bars, not ${count}`);
    return barsOf((_, index) => {
      const column = new Float64Array(new SharedArrayBuffer(count * DOUBLE));
      readSync(handle, column, 0, count * DOUBLE, index * rows * DOUBLE);
      return column;
    });
  } finally {
    closeSync(handle);
  }
}

export function writeBars(file: string, bars: Bars): void {
  writeFileSync(file, Buffer.concat(COLUMNS.map((name) => Buffer.from(bars[name].buffer))));
}

/** One-minute bars of a random walk, for where there is no numpy to make them, and for runs longer than the file. */
export function randomWalk(count: number): Bars {
  const random = seededState(7);
  const bars = barsOf(() => new Float64Array(count));
  let close = 100;
  for (let i = 0; i < count; i++) {
    const open = close;
    // The sum of two uniform numbers has a deviation of √(1/6): 5e-4 of the price a minute.
    close *= 1 + 1.2e-3 * (nextUniform(random) + nextUniform(random) - 1);
    bars.ts[i] = START_MS + i * MINUTE_MS;
    bars.open[i] = open;
    bars.high[i] = Math.max(open, close) * 1.0001;
    bars.low[i] = Math.min(open, close) * 0.9999;
    bars.close[i] = close;
    bars.volume[i] = 100 + Math.floor(1000 * nextUniform(random));
  }
  return bars;
}

/** The same bars in columns that the engine has not seen: it keeps what it derived from a column, which a repetition must not find. */
export function unseen(bars: Bars): Bars {
  return barsOf((name) => bars[name].subarray(0));
}

function barsOf(column: (name: (typeof COLUMNS)[number], index: number) => Float64Array): Bars {
  const columns = Object.fromEntries(COLUMNS.map((name, index) => [name, column(name, index)]));
  return { symbol: 'BENCH', ...(columns as Record<(typeof COLUMNS)[number], Float64Array>) };
}
