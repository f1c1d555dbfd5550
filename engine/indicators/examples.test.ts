import { expect, it } from 'vitest';
import { INDICATORS } from './catalog.ts';
import { computeIndicator } from './compute.ts';

interface Example {
  /** The call, and how its numbers come about. */
  readonly call: string;
  readonly because: string;
  /** Series first, then bar columns. */
  readonly inputs: readonly (readonly number[])[];
  readonly outputs: readonly (readonly number[])[];
}

const _ = NaN;

const HIGH = [10, 12, 11, 13];
const LOW = [8, 9, 7, 9];
const CLOSE = [9, 11, 8, 12];

const EXAMPLES: readonly Example[] = [
  { call: 'sma(3)', because: '9/3, 12/3', inputs: [[1, 2, 6, 4]], outputs: [[_, _, 3, 4]] },
  { call: 'ema(3)', because: 'halves: 2, 3, 5.5, 3.5', inputs: [[2, 4, 8, 1.5]], outputs: [[_, _, 5.5, 3.5]] },
  { call: 'wma(3)', because: '(1 + 4 + 18)/6, (2 + 12 + 12)/6', inputs: [[1, 2, 6, 4]], outputs: [[_, _, 23 / 6, 26 / 6]] },
  { call: 'dema(3)', because: 'e1 6 7 11.5, e2 6 6.5 9', inputs: [[0, 8, 8, 8, 16]], outputs: [[_, _, _, _, 14]] },
  {
    call: 'tema(3)',
    because: 'e1 6 7 7.5 7.75 7.875, e2 7 7.375 7.625, e3 7 7.1875 7.40625',
    inputs: [[0, 8, 8, 8, 8, 8, 8]],
    outputs: [[_, _, _, _, _, _, 8.15625]],
  },
  { call: 'kama(2, 1, 3)', because: 'efficiency 1, then 1/3: s = 2/3', inputs: [[1, 2, 4, 3]], outputs: [[_, _, 4, 32 / 9]] },
  { call: 'hma(4)', because: 'no lag on a straight line', inputs: [[1, 2, 3, 4, 5, 6]], outputs: [[_, _, _, _, 5, 6]] },
  { call: 'rma(3)', because: '9/3, (2 × 3 + 9)/3', inputs: [[1, 2, 6, 9]], outputs: [[_, _, 3, 5]] },
  {
    call: 'vwma(2)',
    because: '(1 + 6)/4, (6 + 4)/4, nothing traded',
    inputs: [
      [1, 2, 4, 4, 4],
      [1, 3, 1, 0, 0],
    ],
    outputs: [[_, 1.75, 2.5, 4, _]],
  },
  {
    call: 'vwap(0)',
    because: '1/1, 7/4, 11/5',
    inputs: [
      [2, 3, 5],
      [0, 1, 3],
      [1, 2, 4],
      [1, 3, 1],
    ],
    outputs: [[1, 1.75, 2.2]],
  },
  {
    call: 'vwap(2)',
    because: '7/4, 10/4',
    inputs: [
      [2, 3, 5],
      [0, 1, 3],
      [1, 2, 4],
      [1, 3, 1],
    ],
    outputs: [[_, 1.75, 2.5]],
  },
  { call: 'rsi(1)', because: 'only gain, only loss, nothing', inputs: [[1, 2, 1, 1]], outputs: [[_, 100, 0, _]] },
  {
    call: 'stoch(2, 1, 2)',
    because: '4/4, 1.5/3',
    inputs: [
      [3, 5, 4],
      [1, 2, 3],
      [2, 5, 3.5],
    ],
    outputs: [
      [_, 100, 50],
      [_, _, 75],
    ],
  },
  {
    call: 'stochRsi(1, 2, 1, 2)',
    because: 'rsi 100 0 100',
    inputs: [[1, 2, 1, 3]],
    outputs: [
      [_, _, 0, 100],
      [_, _, _, 50],
    ],
  },
  {
    call: 'macd(1, 3, 3)',
    because: 'slow 0 4 6 7 7.5, signal from 2: 2 1.5 1',
    inputs: [[0, 8, 8, 8, 8]],
    outputs: [
      [_, _, 2, 1, 0.5],
      [_, _, _, _, 1],
      [_, _, _, _, -0.5],
    ],
  },
  { call: 'roc(1)', because: '2/10, -12/12, from 0', inputs: [[10, 12, 0, 5]], outputs: [[_, 20, -100, _]] },
  { call: 'mom(2)', because: '6 - 1, 4 - 2', inputs: [[1, 2, 6, 4]], outputs: [[_, _, 5, 2]] },
  {
    call: 'williamsR(2)',
    because: '0/4, 1.5/3',
    inputs: [
      [3, 5, 4],
      [1, 2, 3],
      [2, 5, 3.5],
    ],
    outputs: [[_, 0, -50]],
  },
  {
    call: 'cci(2)',
    because: 'mean 2, distance 1',
    inputs: [
      [1, 3],
      [1, 3],
      [1, 3],
    ],
    outputs: [[_, 1 / 0.015]],
  },
  {
    call: 'mfi(2)',
    because: '20 of 30, 30 of 40',
    inputs: [
      [1, 2, 1, 3],
      [1, 2, 1, 3],
      [1, 2, 1, 3],
      [10, 10, 10, 10],
    ],
    outputs: [[_, _, 200 / 3, 75]],
  },
  {
    call: 'aroon(2)',
    because: 'high and low 2 bars old, then new; of equal lows the latest',
    inputs: [
      [5, 4, 3, 6],
      [1, 2, 3, 2],
    ],
    outputs: [
      [_, _, 0, 0],
      [_, _, 0, 100],
      [_, _, 0, 100],
    ],
  },
  {
    call: 'diPlus(2)',
    because: 'moves 2 0 2: 1, 1.5; ranges 3 4 5: 3.5, 4.25',
    inputs: [HIGH, LOW, CLOSE],
    outputs: [[_, _, 200 / 7, 600 / 17]],
  },
  { call: 'diMinus(2)', because: 'moves 0 2 0: 1, 0.5', inputs: [HIGH, LOW, CLOSE], outputs: [[_, _, 200 / 7, 200 / 17]] },
  { call: 'adx(2)', because: '0/2 and 1/2: 0 and 50', inputs: [HIGH, LOW, CLOSE], outputs: [[_, _, _, 25]] },
  {
    call: 'psar(0.1, 0.2)',
    because: '9 + 0.1 × 2, then 9.2 + 0.2 × 2.8 = 9.76 is touched: over to the extreme',
    inputs: [
      [10, 11, 12, 9],
      [9, 10, 11, 8],
    ],
    outputs: [
      [_, 9, 9.2, 12],
      [_, 1, 1, -1],
    ],
  },
  {
    call: 'supertrend(1, 1)',
    because: '10.5 - 3; the lower band holds at 7.5 and is broken, the upper comes down to 7 + 5',
    inputs: [
      [10, 12, 8],
      [8, 9, 6],
      [9, 11, 6.5],
    ],
    outputs: [
      [_, 7.5, 12],
      [_, 1, -1],
    ],
  },
  { call: 'trueRange()', because: '12 - 9, 11 - 7, 13 - 8', inputs: [HIGH, LOW, CLOSE], outputs: [[_, 3, 4, 5]] },
  { call: 'atr(2)', because: '(3 + 4)/2, (3.5 + 5)/2', inputs: [HIGH, LOW, CLOSE], outputs: [[_, _, 3.5, 4.25]] },
  { call: 'natr(2)', because: '3.5/8, 4.25/12', inputs: [HIGH, LOW, CLOSE], outputs: [[_, _, 43.75, 425 / 12]] },
  {
    call: 'bollinger(2, 1.5)',
    because: 'mean 2, deviation 1',
    inputs: [[1, 3]],
    outputs: [
      [_, 2],
      [_, 3.5],
      [_, 0.5],
    ],
  },
  {
    call: 'keltner(1, 2, 1)',
    because: 'typical prices 9, 32/3; range 3',
    inputs: [HIGH.slice(0, 2), LOW.slice(0, 2), CLOSE.slice(0, 2)],
    outputs: [
      [9, 32 / 3],
      [_, 32 / 3 + 6],
      [_, 32 / 3 - 6],
    ],
  },
  {
    call: 'donchian(2)',
    because: '12 and 8, 12 and 7, 13 and 7',
    inputs: [HIGH, LOW],
    outputs: [
      [_, 10, 9.5, 10],
      [_, 12, 12, 13],
      [_, 8, 7, 7],
    ],
  },
  { call: 'stdev(2)', because: 'half the distance', inputs: [[1, 3, 3]], outputs: [[_, 1, 0]] },
  { call: 'zscore(2)', because: 'one deviation above, one below, none', inputs: [[1, 3, 1, 1]], outputs: [[_, 1, -1, _]] },
  { call: 'percentileRank(2)', because: '1 of 1 3, 0 of 3 2', inputs: [[1, 3, 2, 2]], outputs: [[_, _, 50, 0]] },
  { call: 'linreg(3)', because: 'mean 3 + slope 2.5', inputs: [[1, 2, 6]], outputs: [[_, _, 5.5]] },
  { call: 'slope(3)', because: '(6 - 1)/2', inputs: [[1, 2, 6, 6, 6]], outputs: [[_, _, 2.5, 2, 0]] },
  {
    call: 'correlation(3)',
    because: '1/2 of 2/2, nothing in common, then a series that does not vary',
    inputs: [
      [1, 2, 3, 3, 3],
      [1, 3, 2, 4, 1],
    ],
    outputs: [[_, _, 0.5, 0, _]],
  },
  {
    call: 'beta(2)',
    because: '±10 % against ±5 %',
    inputs: [
      [100, 110, 99],
      [100, 105, 99.75],
    ],
    outputs: [[_, _, 2]],
  },
  { call: 'highest(2)', because: 'the greater of two', inputs: [[1, 3, 2, 2]], outputs: [[_, 3, 3, 2]] },
  { call: 'lowest(2)', because: 'the lesser of two', inputs: [[1, 3, 2, 2]], outputs: [[_, 1, 2, 2]] },
  { call: 'cumulative()', because: 'anew after the missing one', inputs: [[1, 2, NaN, 4]], outputs: [[1, 3, _, 4]] },
  { call: 'lag(2)', because: 'also across a missing one', inputs: [[1, 2, NaN, 4, 5]], outputs: [[_, _, 1, 2, _]] },
  {
    call: 'obv()',
    because: '5, + 3, unchanged, - 4',
    inputs: [
      [1, 2, 2, 1],
      [5, 3, 9, 4],
    ],
    outputs: [[5, 8, 8, 4]],
  },
];

it.each(EXAMPLES)('$call: $because', ({ call, inputs, outputs }) => {
  const [name, args] = call.slice(0, -1).split('(') as [string, string];
  const params = args === '' ? [] : args.split(',').map(Number);
  const ours = computeIndicator(
    INDICATORS.get(name)!,
    inputs.map((input) => Float64Array.from(input)),
    params,
  );
  expect(ours).toHaveLength(outputs.length);
  ours.forEach((column, k) => {
    expect(column).toHaveLength(outputs[k]!.length);
    outputs[k]!.forEach((value, i) => (Number.isNaN(value) ? expect(column[i]).toBeNaN() : expect(column[i]).toBeCloseTo(value, 11)));
  });
});

it('shows each indicator at least once', () => {
  const shown = new Set(EXAMPLES.map(({ call }) => call.slice(0, call.indexOf('('))));
  expect([...INDICATORS.keys()].filter((name) => !shown.has(name))).toEqual([]);
});
