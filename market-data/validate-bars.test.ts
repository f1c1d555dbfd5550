import { describe, expect, it } from 'vitest';
import type { Bars } from '../shared/bars.ts';
import { validateBars } from './validate-bars.ts';

const DAY = 86_400_000;

/** Three sound bars, with one value of the middle one replaced. */
function barsWith(column?: Exclude<keyof Bars, 'symbol' | 'actions' | 'membership' | 'extra'>, value = 0): Bars {
  const bars: Bars = {
    symbol: 'X',
    ts: Float64Array.of(0, DAY, 2 * DAY),
    open: Float64Array.of(10, 11, 12),
    high: Float64Array.of(12, 13, 14),
    low: Float64Array.of(9, 10, 11),
    close: Float64Array.of(11, 12, 13),
    volume: Float64Array.of(100, 0, 100),
  };
  if (column !== undefined) bars[column][1] = value;
  return bars;
}

describe('validateBars', () => {
  it('passes sound bars, also a day without a trade and one without a move', () => {
    const still = { ...barsWith(), open: Float64Array.of(5, 5, 5), high: Float64Array.of(5, 5, 5) };
    still.low = still.close = still.open;
    expect(() => validateBars([barsWith(), still])).not.toThrow();
  });

  it.each([
    ['ts', 0, 'is there twice'],
    ['ts', -5, 'is out of order'],
    ['ts', NaN, 'has no valid time'],
    ['ts', 0.5, 'has no valid time'],
    ['ts', 1e16, 'has no valid time'],
    ['open', 0, 'has open 0'],
    ['open', 9.5, 'has low 10 above its open 9.5'],
    ['open', 13.5, 'has high 13 below its open 13.5'],
    ['high', Infinity, 'has high Infinity'],
    ['high', 9, 'has high 9 below its open 11, low 10 or close 12'],
    ['low', -1, 'has low -1'],
    ['low', 11.5, 'has low 11.5 above its open 11'],
    ['close', NaN, 'has close NaN'],
    ['close', 14, 'has high 13 below its open 11, low 10 or close 14'],
    ['volume', -1, 'has volume -1'],
    ['volume', NaN, 'has volume NaN'],
  ] as const)('refuses a bar with %s %d and names it', (column, value, flaw) => {
    const message = expect.stringMatching(new RegExp(`^X, bar 1 .*${flaw}`));
    expect(() => validateBars([barsWith(), barsWith(column, value)])).toThrow(expect.objectContaining({ code: 'bad_data', message }));
  });

  it.each<[string, { splits?: number[][]; dividends?: number[][] }, string]>([
    ['a ratio of 0', { splits: [[0, 0]] }, 'split 0'],
    ['an amount that is not a number', { dividends: [[0, NaN]] }, 'dividend 0'],
    [
      'a time before the last',
      {
        dividends: [
          [DAY, 1],
          [0, 1],
        ],
      },
      'dividend 1',
    ],
  ])('refuses actions with %s', (_name, { splits = [], dividends = [] }, place) => {
    const column = (rows: number[][], index: 0 | 1) => Float64Array.from(rows, (row) => row[index]!);
    const actions = {
      splits: { ts: column(splits, 0), ratio: column(splits, 1) },
      dividends: { ts: column(dividends, 0), amount: column(dividends, 1) },
    };
    const message = expect.stringContaining(`X, ${place}`);
    expect(() => validateBars([{ ...barsWith(), actions }])).toThrow(expect.objectContaining({ code: 'bad_data', message }));
  });

  it('names the first offending bar only', () => {
    const bars = barsWith('close', NaN);
    bars.open[2] = NaN;
    expect(() => validateBars([bars])).toThrow('X, bar 1 (1970-01-02T00:00:00.000Z) has close NaN');
  });
});
