import { describe, expect, it } from 'vitest';
import { Rules, type RulesInput } from '../../shared/rules.ts';
import type { Params } from '../../shared/strategy.ts';
import { readRules } from './program.ts';

const check = (input: RulesInput, params: Params = {}, columns?: string[]) => readRules(Rules.parse(input)).check(params, columns);

/** Faults of one expression: path, marked text and message. */
function faultsOf(enterLong: string, rest: RulesInput = {}, params: Params = {}) {
  const texts: Record<string, string | undefined> = { 'strategy.rules.enterLong': enterLong };
  const { faults } = check({ enterLong, exitLong: 'close < 0', ...rest }, params);
  return faults.map(({ path, from, to, message }) => [texts[path]?.slice(from, to) ?? path, message]);
}

describe('the check of an expression', () => {
  it.each([
    ['cloes > 1', [['cloes', '"cloes" is no known name; did you mean "close"?']]],
    ['smaa(close, 3) > 1', [['smaa', '"smaa" is no known function; did you mean "sma"?']]],
    ['sma > 1', [['sma', '"sma" is a function: write its arguments in brackets']]],
    ['sma(close) > 1', [['sma(close)', 'takes 2 arguments, sma(x, period), but has 1']]],
    ['atr(close, 14) > 1', [['atr(close, 14)', 'takes 0 to 1 arguments, atr(period = 14), but has 2']]],
    ['max(close) > 1', [['max(close)', 'takes at least 2 arguments, max(a, b, ...), but has 1']]],
    ['sma(close, 0) > 1', [['0', 'period of sma must be a whole number from 1 to 10000, but is 0']]],
    ['sma(close, 2.5) > 1', [['2.5', 'period of sma must be a whole number from 1 to 10000, but is 2.5']]],
    ['sma(close, close) > 1', [['close', 'period of sma must not change from bar to bar: write a number or a parameter']]],
    ['macd(close).singal > 1', [['singal', '"macd" has no output "singal": it has macd, signal, histogram']]],
    ['abs(close).x > 1', [['x', '"abs" has no outputs']]],
    ['close > 1 > 2', [['close > 1', 'the left side of > must be a number, but is a condition']]],
    ['close && true', [['close', 'the left side of && must be a condition such as close > open, but is a number']]],
    ['!close', [['close', 'what ! negates must be a condition such as close > open, but is a number']]],
    ['close + "a" > 1', [['"a"', 'the right side of + must be a number, but is a text']]],
    ['close > 1 ? 1 : true', [['true', 'must be a number like the value before the colon, but is a condition']]],
    ['close', [['close', 'must be a condition, such as close > open']]],
    [
      'toString > 1 || __proto__ > 1',
      [
        ['toString', '"toString" is no known name'],
        ['__proto__', '"__proto__" is no known name'],
      ],
    ],
    [
      'constructor(1) > valueOf()',
      [
        ['constructor', '"constructor" is no known function'],
        ['valueOf', '"valueOf" is no known function'],
      ],
    ],
  ])('finds what is wrong and where: %s', (text, expected) => {
    expect(faultsOf(text)).toEqual(expected);
  });

  it('names every fault of every expression at once', () => {
    const { faults, program } = check({ let: { a: 'cloes', b: 'a + opne' }, enterLong: 'b > hihg', exitLong: 'sma(close, 0) > 1' });
    expect(faults.map(({ path, from }) => [path, from])).toEqual([
      ['strategy.rules.let.a', 0],
      ['strategy.rules.let.b', 4],
      ['strategy.rules.enterLong', 4],
      ['strategy.rules.exitLong', 11],
    ]);
    expect(program).toBeNull();
  });

  it('takes the columns of the data for names', () => {
    expect(check({ enterLong: 'signal > 0', exitLong: 'signal < 0' }, {}, ['close', 'signal']).faults).toEqual([]);
    expect(check({ enterLong: 'signal > 0', exitLong: 'signal < 0' }).faults).toHaveLength(2);
  });
});

describe('names', () => {
  it('are defined in any order', () => {
    expect(check({ let: { a: 'b * 2', b: 'close' }, enterLong: 'a > 1', exitLong: 'a < 1' }).faults).toEqual([]);
  });

  it('must not need themselves', () => {
    const { faults } = check({ let: { a: 'b', b: 'c + a', c: 'close' }, enterLong: 'a > 1', exitLong: 'a < 1' });
    expect(faults).toEqual([{ path: 'strategy.rules.let.a', message: 'needs itself: a → b → a' }]);
  });

  it('must not be taken', () => {
    const params = { close: { type: 'integer', min: 1, max: 2 }, x: { type: 'integer', min: 1, max: 2 } } as const;
    const { faults } = check(
      { params, let: { sma: '1', x: '2', max: '3' }, enterLong: 'close > x', exitLong: 'max < sma' },
      { x: 1, close: 1 },
    );
    expect(faults.map(({ path, message }) => `${path} ${message}`)).toEqual([
      'strategy.rules.params.close is also the name of a column of the data; take another one',
      'strategy.rules.let.sma is also the name of a function; take another one',
      'strategy.rules.let.x is also the name of a parameter; take another one',
      'strategy.rules.let.max is also the name of a function; take another one',
    ]);
  });

  it('that are used nowhere are warned of', () => {
    const params = { fast: { type: 'integer', min: 1, max: 9, default: 2 } } as const;
    const { faults, warnings } = check({ params, let: { a: 'close' }, enterLong: 'open > 1', exitLong: 'open < 1' }, { fast: 2 });
    expect(faults).toEqual([]);
    expect(warnings.map(({ path }) => path)).toEqual(['strategy.rules.params.fast', 'strategy.rules.let.a']);
  });

  it('that would lead to the prototype of objects name nothing', () => {
    const input = JSON.parse('{"let": {"__proto__": "close"}, "enterLong": "__proto__ > 1", "exitLong": "true"}') as RulesInput;
    expect(check(input).faults).toMatchObject([{ path: 'strategy.rules.enterLong', from: 0, to: 9 }]);
    expect(Rules.safeParse({ let: { 'a-b': 'close' }, enterLong: 'true' }).success).toBe(false);
  });
});

describe('parameters', () => {
  const params: RulesInput['params'] = {
    n: { type: 'integer', min: 1, max: 500 },
    side: { type: 'choice', values: ['up', 'down'] },
  };

  it('are numbers that windows may be made of, and texts that can be compared', () => {
    const input: RulesInput = { params, enterLong: "sma(close, n * 2 + 1) > open && side == 'up'", exitLong: 'close < 1' };
    expect(check(input, { n: 3, side: 'up' }).faults).toEqual([]);
    expect(check(input, { n: -1, side: 'up' }).faults).toMatchObject([{ from: 11, to: 20 }]);
  });

  it('with a text decide what a condition is at once', () => {
    const input: RulesInput = { params, enterLong: "side == 'up' && close > n", exitLong: "side != 'up'" };
    const { program } = check(input, { n: 3, side: 'down' });
    expect(program?.conditions.enterLong?.holds.kind).toBe('never');
    expect(program?.conditions.exitLong?.holds.kind).toBe('always');
  });

  it('without a value leave what depends on them unchecked', () => {
    expect(check({ params, enterLong: 'sma(close, n) > cloes', exitLong: 'close < 1' }).faults).toMatchObject([{ from: 16, to: 21 }]);
  });
});

describe('fields', () => {
  it('must trade something', () => {
    expect(check({ exitLong: 'close > 1' }).faults).toEqual([
      { path: 'strategy.rules', message: 'trade nothing: give enterLong, enterShort or weight' },
    ]);
  });

  it('that would be without effect are faults', () => {
    const paths = (input: RulesInput) => check(input).faults.map(({ path }) => path);
    expect(paths({ weight: '1', enterLong: 'true', stopLoss: '0.1' })).toEqual(['strategy.rules.enterLong', 'strategy.rules.stopLoss']);
    expect(paths({ enterLong: 'true', exitLong: 'true', rebalance: 'monthly' })).toEqual(['strategy.rules.rebalance']);
    expect(paths({ enterLong: 'true', exitLong: 'true', expireBars: '3' })).toEqual(['strategy.rules.expireBars']);
  });

  it('have the type that their meaning asks for', () => {
    const { faults } = check({ enterLong: 'true', stopLoss: 'true', tag: 'close' });
    expect(faults.map(({ path, message }) => `${path} ${message}`)).toEqual([
      'strategy.rules.stopLoss must be a number',
      "strategy.rules.tag must be a text in quotes, such as 'breakout'",
    ]);
    expect(check({ weight: '1', rebalance: 'close' }).faults).toHaveLength(1);
    expect(check({ weight: '1', rebalance: 'weekly' }).program?.rebalance).toBe('weekly');
  });

  it('that never end a position are warned of', () => {
    expect(check({ enterLong: 'close > 1' }).warnings.map(({ path }) => path)).toEqual(['strategy.rules.enterLong']);
    expect(check({ enterLong: 'close > 1', trailingStop: '0.1' }).warnings).toEqual([]);
  });
});

describe('expressions that double with each name', () => {
  it('are checked at all: common parts are one, where 2^90 would never end', () => {
    const doubled = Object.fromEntries(Array.from({ length: 90 }, (_, i) => [`n${i + 1}`, `n${i} + n${i}`]));
    const chosen = Object.fromEntries(Array.from({ length: 90 }, (_, i) => [`c${i + 1}`, `c${i} ? c${i} : !c${i}`]));
    const { faults } = check({
      let: { n0: 'close', ...doubled, c0: 'close > open', ...chosen },
      enterLong: 'n90 > 1 && c90',
      exitLong: 'c89',
    });
    expect(faults).toEqual([]);
  });
});
