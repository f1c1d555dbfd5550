import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { computeIndicator } from '../../engine/indicators/compute.ts';
import { sma } from '../../engine/indicators/sma.ts';
import { ENTER_LONG, ENTER_SHORT, EXIT_LONG, EXIT_SHORT, type Strategy } from '../../engine/strategy.ts';
import type { Bars } from '../../shared/bars.ts';
import { Rules, type RulesInput } from '../../shared/rules.ts';
import type { Params } from '../../shared/strategy.ts';
import { barsOf } from '../../test/fixtures/bars.ts';
import { readRules } from './program.ts';
import { columnNames } from './columns.ts';
import { prepareSignals } from './signals.ts';

function prepare(input: RulesInput, bars: readonly Bars[], params: Params = {}) {
  const { program, faults } = readRules(Rules.parse(input)).check(params, columnNames(bars));
  expect(faults).toEqual([]);
  return prepareSignals(program!, bars);
}

/** The signals of bars [from, to), from the first bar on unless told otherwise. */
function signalsOf(input: RulesInput, bars: Bars, { from = 0, to = bars.ts.length } = {}): number[] {
  const out = new Uint8Array(to - from);
  prepare(input, [bars])[0]!.signals(from, to, out);
  return [...out];
}

/** 1 at the bars at which a condition certainly holds. */
const held = (condition: string, bars: Bars) => signalsOf({ enterLong: condition, exitLong: 'false' }, bars);

const RISING = barsOf([1, 2, 3, 4, 5]);

describe('conditions', () => {
  it.each([
    ['close > 3', [0, 0, 0, 1, 1]],
    ['close >= 3', [0, 0, 1, 1, 1]],
    ['close == 3 || close < 2', [1, 0, 1, 0, 0]],
    ['close != 3 && !(close < 2)', [0, 1, 0, 1, 1]],
    ['close[1] == 2', [0, 0, 1, 0, 0]],
    ['close % 2 == 1', [1, 0, 1, 0, 1]],
    ['-close + 1 * 2 ** 1 > 0'.replace(' ** 1', ''), [1, 0, 0, 0, 0]],
    ['(close > 2 ? close : -close) > -2', [1, 0, 1, 1, 1]],
    ['close > 2 ? close > 4 : close < 2', [1, 0, 0, 0, 1]],
    ['min(close, 3, 4) == 3 && max(close, 4) == 4', [0, 0, 1, 1, 0]],
    ['sqrt(close - 3) >= 0', [0, 0, 1, 1, 1]],
    ['floor(close / 2) == round(close / 2)', [0, 1, 0, 1, 0]],
    ['ceil(close / 2) * 2 - close == sign(close % 2)', [1, 1, 1, 1, 1]],
    ['abs(log(exp(close)) - close) < 1e-12', [1, 1, 1, 1, 1]],
    ['crossOver(close, 3)', [0, 0, 0, 0, 0]],
    ['crossOver(close, 2.5)', [0, 0, 1, 0, 0]],
    ['crossUnder(-close, -2.5)', [0, 0, 1, 0, 0]],
    ['!crossOver(close, 2.5)', [1, 1, 0, 1, 1].with(0, 1)],
    ['sma(close, 2) > 3', [0, 0, 0, 1, 1]],
    ['sma(sma(close, 2), 2) == 3', [0, 0, 0, 1, 0]],
    ['sma(close * 2, 2) == 7', [0, 0, 0, 1, 0]],
    ['sma(close > 2 ? 1 : 0, 2) == 0.5', [0, 0, 1, 0, 0]],
    ['donchian(2).upper == close && highest(close, 2) == close', [0, 1, 1, 1, 1]],
    ['true', [1, 1, 1, 1, 1]],
    ['2 > 1 && 1 + 1 == 2', [1, 1, 1, 1, 1]],
  ])('hold where they should: %s', (condition, expected) => {
    expect(held(condition, RISING)).toEqual(expected);
  });

  it('hold only where they certainly do: what is missing is neither so nor not so', () => {
    const gap = barsOf([1, NaN, 3]);
    expect(held('close > 2', gap)).toEqual([0, 0, 1]);
    expect(held('!(close > 2)', gap)).toEqual([1, 0, 0]);
    expect(held('close == close', gap)).toEqual([1, 0, 1]);
    expect(held('close != close', gap)).toEqual([0, 0, 0]);
    expect(held('close > 2 || !(close > 2)', gap)).toEqual([1, 0, 1]);
    expect(held('close > 2 || open != 2', gap)).toEqual([1, 0, 1]);
    expect(held('close > 2 || true', gap)).toEqual([1, 1, 1]);
    expect(held('!(close > 2 && false)', gap)).toEqual([1, 1, 1]);
    expect(held('(close > 2 ? 1 : 1) == 1', gap)).toEqual([1, 0, 1]);
    expect(held('isNaN(close)', gap)).toEqual([0, 1, 0]);
    expect(held('!isNaN(close[1])', gap)).toEqual([0, 1, 0]);
    expect(held('coalesce(close, 7) == 7', gap)).toEqual([0, 1, 0]);
    expect(held('1 / (close - 1) > 0', gap)).toEqual([0, 0, 1]);
    expect(held('!(1 / (close - 1) > 0)', gap)).toEqual([0, 0, 0]);
    expect(held('!crossOver(close, 2)', gap)).toEqual([1, 0, 0]);
  });

  it('see crossings within crossings across the edges of blocks', () => {
    const waves = barsOf(Array.from({ length: 3_000 }, (_, i) => 10 + (i % 2)));
    // Every second bar crosses; one bar after a bar that crossed there is none: so that crosses too, in the other direction.
    const nested = held('crossUnder(crossOver(close, 10.5) ? 1 : 0, 0.5)', waves);
    expect(nested).toEqual(Array.from({ length: 3_000 }, (_, i) => (i >= 2 && i % 2 === 0 ? 1 : 0)));
  });
});

describe('rules', () => {
  it('give the four signals', () => {
    const rules = { enterLong: 'close > 4', exitLong: 'close < 2', enterShort: 'close == 3', exitShort: 'close >= 4' };
    expect(signalsOf(rules, RISING)).toEqual([EXIT_LONG, 0, ENTER_SHORT, EXIT_SHORT, ENTER_LONG + EXIT_SHORT]);
  });

  it('enter only in their universe, and leave anywhere', () => {
    const rules = { universe: 'close != 4', enterLong: 'close > 2', exitLong: 'close > 3' };
    expect(signalsOf(rules, RISING)).toEqual([0, 0, ENTER_LONG, EXIT_LONG, ENTER_LONG + EXIT_LONG]);
  });

  it('decide first at the bar after the one at which all their indicators have a value', () => {
    const first = (enterLong: string) => prepare({ enterLong, exitLong: 'false' }, [RISING])[0]!.firstDecision;
    expect(first('close > 1')).toBe(1);
    expect(first('close[2] > 1')).toBe(3);
    expect(first('sma(close, 2) > sma(close, 3)')).toBe(3);
    expect(first('sma(sma(close, 2), 3) > 1')).toBe(4);
    expect(first('sma(close, 9) > 1')).toBe(6);
  });

  it('use columns that a user brought', () => {
    const bars = { ...RISING, extra: { signal: Float64Array.of(0, 1, NaN, -1, 1) } };
    expect(signalsOf({ enterLong: 'signal > 0', exitLong: 'signal < 0' }, bars)).toEqual([0, 1, 0, 2, 1]);
  });

  it('rank symbols among those that have a bar at the same time', () => {
    const all = [barsOf([1, 5, 3], 'A'), barsOf([2, 5, 2], 'B'), barsOf([3, 1, NaN], 'C')];
    const late = { ...barsOf([9, 9], 'D'), ts: all[0]!.ts.slice(1) };
    const rules = { enterLong: 'rank(close) == 1', exitLong: 'rank(close) >= 3' };
    const signals = prepare(rules, [...all, late]).map((strategy, s) => {
      const out = new Uint8Array(s === 3 ? 2 : 3);
      strategy.signals(0, out.length, out);
      return [...out];
    });
    // Closes: 1 2 3 - | 5 5 1 9 | 3 2 - 9, so the second and third bar of D are the best.
    expect(signals).toEqual([
      [EXIT_LONG, 0, 0],
      [0, 0, EXIT_LONG],
      [ENTER_LONG, EXIT_LONG, 0],
      [ENTER_LONG, ENTER_LONG],
    ]);
  });

  it('compute a common window once for all parameters', () => {
    const shared = computeIndicator(sma, [RISING.close], [3])[0]!;
    shared[4] = 99; // shows which column is read
    expect(held('sma(close, 3) == 99', RISING)).toEqual([0, 0, 0, 0, 1]);
    shared[4] = 4;
  });
});

type Value = (i: number) => number;
type Truth = (i: number) => boolean | null;
interface Written<Meaning> {
  text: string;
  at: Meaning;
}

const finite = (value: number) => (Number.isFinite(value) ? value : NaN);
const and = (a: boolean | null, b: boolean | null) => (a === false || b === false ? false : a === null || b === null ? null : true);
const negated = (a: boolean | null) => (a === null ? null : !a);
const lies = (a: number, b: number, holds: boolean) => (Number.isNaN(a) || Number.isNaN(b) ? null : holds);

/** Expressions on the columns as text, and beside it what they mean, bar by bar: written anew, without a thought of speed. */
function expressions(columns: Record<string, readonly number[]>) {
  const valueAt = (values: readonly number[], i: number) => (i < 0 ? NaN : values[i]!);
  const column = fc
    .constantFrom(...Object.keys(columns))
    .map((name): Written<Value> => ({ text: name, at: (i) => valueAt(columns[name]!, i) }));
  const constant = fc.integer({ min: -2, max: 3 }).map((n): Written<Value> => ({ text: n < 0 ? `(${n})` : String(n), at: () => n }));
  return fc.letrec<{ number: Written<Value>; truth: Written<Truth> }>((tie) => ({
    number: fc.oneof(
      { maxDepth: 4 },
      column,
      constant,
      fc.tuple(tie('number'), tie('number'), fc.constantFrom('+', '-', '*', '/', '%')).map(([a, b, op]) => ({
        text: `(${a.text} ${op} ${b.text})`,
        at: (i: number) => {
          const [x, y] = [a.at(i), b.at(i)];
          return finite({ '+': x + y, '-': x - y, '*': x * y, '/': x / y, '%': x % y }[op]);
        },
      })),
      fc
        .tuple(tie('number'), tie('number'))
        .map(([a, b]) => ({ text: `max(${a.text}, ${b.text})`, at: (i: number) => Math.max(a.at(i), b.at(i)) })),
      fc.tuple(tie('number'), tie('number')).map(([a, b]) => ({
        text: `coalesce(${a.text}, ${b.text})`,
        at: (i: number) => (Number.isNaN(a.at(i)) ? b.at(i) : a.at(i)),
      })),
      fc
        .tuple(tie('number'), fc.nat({ max: 3 }))
        .map(([a, n]) => ({ text: n === 1 ? `(${a.text})[1]` : `lag(${a.text}, ${n})`, at: (i: number) => (i < n ? NaN : a.at(i - n)) })),
      fc.tuple(tie('truth'), tie('number'), tie('number')).map(([test, a, b]) => ({
        text: `(${test.text} ? ${a.text} : ${b.text})`,
        at: (i: number) => (test.at(i) === null ? NaN : test.at(i) ? a.at(i) : b.at(i)),
      })),
    ) as fc.Arbitrary<Written<Value>>,
    truth: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom<Written<Truth>>({ text: 'true', at: () => true }, { text: 'false', at: () => false }),
      fc.tuple(tie('number'), tie('number'), fc.constantFrom('<', '<=', '>', '>=', '==', '!=')).map(([a, b, op]) => ({
        text: `(${a.text} ${op} ${b.text})`,
        at: (i: number) => {
          const [x, y] = [a.at(i), b.at(i)];
          return lies(x, y, { '<': x < y, '<=': x <= y, '>': x > y, '>=': x >= y, '==': x === y, '!=': x !== y }[op]);
        },
      })),
      fc
        .tuple(tie('truth'), tie('truth'))
        .map(([a, b]) => ({ text: `(${a.text} && ${b.text})`, at: (i: number) => and(a.at(i), b.at(i)) })),
      fc.tuple(tie('truth'), tie('truth')).map(([a, b]) => ({
        text: `(${a.text} || ${b.text})`,
        at: (i: number) => negated(and(negated(a.at(i)), negated(b.at(i)))),
      })),
      tie('truth').map((a) => ({ text: `!${a.text}`, at: (i: number) => negated(a.at(i)) })),
      tie('number').map((a) => ({ text: `isNaN(${a.text})`, at: (i: number) => Number.isNaN(a.at(i)) })),
      fc.tuple(tie('number'), tie('number'), fc.boolean()).map(([a, b, over]) => ({
        text: `${over ? 'crossOver' : 'crossUnder'}(${a.text}, ${b.text})`,
        at: (i: number) => {
          const now = lies(a.at(i), b.at(i), over ? a.at(i) > b.at(i) : a.at(i) < b.at(i));
          const before = i === 0 ? null : lies(a.at(i - 1), b.at(i - 1), over ? a.at(i - 1) < b.at(i - 1) : a.at(i - 1) > b.at(i - 1));
          return and(before, now);
        },
      })),
      fc.tuple(tie('truth'), tie('truth'), tie('truth')).map(([test, a, b]) => ({
        text: `(${test.text} ? ${a.text} : ${b.text})`,
        at: (i: number) => negated(and(negated(and(test.at(i), a.at(i))), negated(and(negated(test.at(i)), b.at(i))))),
      })),
    ) as fc.Arbitrary<Written<Truth>>,
  })).truth;
}

const price = fc.oneof({ arbitrary: fc.integer({ min: 1, max: 4 }), weight: 9 }, { arbitrary: fc.constant(NaN), weight: 1 });
const rows = fc.array(fc.tuple(price, price), { minLength: 1, maxLength: 70 });

describe('the evaluator', () => {
  it('agrees with an interpreter that goes bar by bar, however the bars are cut', () => {
    const cases = rows.chain((cells) => {
      const columns = { close: cells.map(([close]) => close), open: cells.map(([, open]) => open) };
      return fc.record({ columns: fc.constant(columns), truth: expressions(columns), from: fc.nat({ max: cells.length - 1 }) });
    });
    fc.assert(
      fc.property(cases, ({ columns, truth, from }) => {
        const bars = { ...barsOf(columns.close), open: Float64Array.from(columns.open) };
        const expected = columns.close.map((_, i) => (truth.at(i) === true ? 1 : 0));
        const rules = { enterLong: truth.text, exitLong: 'false' };
        expect(signalsOf(rules, bars), truth.text).toEqual(expected);
        expect(signalsOf(rules, bars, { from }), truth.text).toEqual(expected.slice(from));
        const [strategy] = prepare(rules, [bars]) as [Strategy];
        const { firstDecision } = strategy;
        const plane = () => new Int32Array(Math.ceil(bars.ts.length / 32)).fill(-1);
        const bits = { enterLong: plane(), exitLong: plane(), enterShort: plane(), exitShort: plane() };
        strategy.bits!(0, bars.ts.length, bits);
        const fromBits = expected.map((_, i) => (bits.enterLong[i >>> 5]! >>> (i & 31)) & 1);
        expect(bits.exitShort.every((word) => word === 0)).toBe(true);
        expect(fromBits.slice(firstDecision), truth.text).toEqual(expected.slice(firstDecision));
      }),
      { numRuns: 500 },
    );
  });
});
