import { describe, expect, it } from 'vitest';
import { parseExpression } from './parse.ts';

const complaintsOf = (text: string) => parseExpression(text).complaints;
const marked = (text: string) => complaintsOf(text).map(({ from, to }) => text.slice(from, to));

describe('an expression', () => {
  it('keeps the place of every part', () => {
    const text = ' sma( close ,20 ).value > (open[1]) ';
    const { expression } = parseExpression(text);
    expect(expression).toMatchObject({ kind: 'binary', operator: '>', left: { kind: 'call', name: 'sma', output: { name: 'value' } } });
    const { left, right } = expression as Extract<typeof expression, { kind: 'binary' }>;
    expect([left, right].map(({ from, to }) => text.slice(from, to))).toEqual(['sma( close ,20 ).value', 'open[1]']);
  });

  it('reads [n] as the value n bars before', () => {
    expect(parseExpression('close[2]').expression).toMatchObject({ kind: 'call', name: 'lag', args: [{ name: 'close' }, { value: 2 }] });
  });

  it('puts operators in the order of arithmetic', () => {
    expect(parseExpression('1 + 2 * 3 > 4 && true || false').expression).toMatchObject({
      operator: '||',
      left: { operator: '&&', left: { operator: '>', left: { operator: '+', right: { operator: '*' } } } },
    });
  });

  it('of many terms is taken', () => {
    expect(complaintsOf(Array.from({ length: 500 }, () => 'close').join('+'))).toEqual([]);
  });
});

describe('what is no part of the language', () => {
  it.each([
    ['close.constructor', 'constructor'],
    ['this', 'this'],
    ['[1, 2]', '[1, 2]'],
    ['close, open', 'close, open'],
    ['(close, open)', '(close, open)'],
    ['close open', 'close open'],
    ['close === open', 'close === open'],
    ['close ** 2', 'close ** 2'],
    ['~close', '~close'],
    ['null', 'null'],
    ['1e999', '1e999'],
    ['f()()', 'f()'],
    ['macd(close)?.signal', 'signal'],
    ['open.close(1)', 'open.close'],
  ])('is refused with its place: %s', (text, place) => {
    expect(marked(text)).toEqual([place]);
  });

  it('has every fault named at once', () => {
    expect(marked('~close > 1 && open ** 2 > close.x')).toEqual(['~close', 'open ** 2', 'x']);
  });

  it('has a place where it cannot be read at all', () => {
    expect(complaintsOf('close > ')).toMatchObject([{ from: 8, to: 8 }]);
    expect(complaintsOf('sma(close')).toMatchObject([{ from: 9, to: 9 }]);
    expect(complaintsOf('close = 1')).toMatchObject([{ from: 6, to: 7 }]);
    expect(complaintsOf('  ')).toEqual([{ from: 0, to: 2, message: 'is empty' }]);
  });
});

describe('hostile text', () => {
  it.each([
    ['brackets', '('.repeat(4_000)],
    ['closed brackets', `${'('.repeat(1_500)}1${')'.repeat(1_500)}`],
    ['signs', `${'-'.repeat(3_999)}1`],
    ['negations', `${'!'.repeat(3_999)}a`],
    ['choices', 'a?'.repeat(2_000)],
    ['nested choices', `${'a?b:'.repeat(900)}c`],
    ['calls', 'f('.repeat(2_000)],
    ['calls of calls', `f${'()'.repeat(1_999)}`],
    ['members', `a${'.b'.repeat(1_999)}`],
    ['indices', `a${'[1]'.repeat(1_300)}`],
    ['lists', '['.repeat(4_000)],
    ['terms', `a${'+a'.repeat(1_999)}`],
    ['spaces', `${' '.repeat(3_999)}!`],
    ['an open text', `"${'\\'.repeat(3_998)}`],
    ['digits', '9'.repeat(4_000)],
    ['length', 'a'.repeat(1_000_000)],
  ])('ends in a fault long before the limit of a test, where backtracking would take years: %s', (_, text) => {
    expect(complaintsOf(text).length).toBeGreaterThan(0);
  });

  it('never ends in another error than a fault', () => {
    const pieces = [
      '(',
      ')',
      '[',
      ']',
      '.',
      ',',
      '?',
      ':',
      '"',
      "'",
      '\\',
      '`',
      '${',
      '__proto__',
      'constructor',
      '1e',
      '0x',
      '&&',
      '!',
      '\u0000',
      '\ud800',
      ' ',
    ];
    for (let seed = 1; seed < 3_000; seed++) {
      let state = seed;
      const text = Array.from(
        { length: 1 + (seed % 9) },
        () => pieces[(state = (Math.imul(state, 48_271) >>> 0) % 65_537) % pieces.length],
      ).join('');
      expect(() => complaintsOf(text), text).not.toThrow();
    }
  });
});
