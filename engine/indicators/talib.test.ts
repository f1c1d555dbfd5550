import { describe, expect, it } from 'vitest';
import { readTalib } from '../../test/fixtures/talib.ts';
import { INDICATORS } from './catalog.ts';
import { computeIndicator } from './compute.ts';

const { bars, cases } = readTalib();
const columns = Object.fromEntries(Object.entries(bars).map(([name, values]) => [name, Float64Array.from(values)]));

/** Averages that start in another way: only where the start has faded can they agree. */
const UNSTABLE = ['ema', 'dema', 'tema', 'macd', 'keltner', 'adx', 'diPlus', 'diMinus'];
/** Those of which TA-Lib shows the first output only from the first bar with a second one. */
const LATER = ['stoch', 'stochRsi', 'macd'];

/** The greatest difference in parts of the value, or of a thousandth of the largest one where it crosses 0. */
function worstError(ours: Float64Array, theirs: readonly number[]): number {
  expect(ours.length).toBe(theirs.length);
  const floor = 1e-3 * Math.max(...theirs.map(Math.abs));
  return Math.max(...theirs.map((value, i) => Math.abs(ours[i]! - value) / Math.max(Math.abs(value), floor, Number.MIN_VALUE)));
}

describe.each(cases)('$name compared with TA-Lib', ({ name, params, outputs }) => {
  const definition = INDICATORS.get(name)!;
  const inputs = [...['close', 'open'].slice(0, definition.series), ...definition.columns].map((column) => columns[column]!);
  const ours = computeIndicator(definition, inputs, params);

  it.each(outputs.map((output, k) => ({ ...output, name: definition.outputs[k], ours: ours[k]! })))(
    'agrees in $name to 1e-9',
    ({ first, head, tail, ours: column }) => {
      expect(worstError(column.slice(-tail.length), tail)).toBeLessThan(1e-9);
      if (!UNSTABLE.includes(name)) expect(worstError(column.slice(first, first + head.length), head)).toBeLessThan(1e-9);
      if (!LATER.includes(name)) expect(column.findIndex((value) => !Number.isNaN(value))).toBe(first);
    },
  );
});
