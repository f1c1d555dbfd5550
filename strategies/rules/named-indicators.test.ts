import { expect, it } from 'vitest';
import { indicatorsOf } from '../../engine/run-simulation.ts';
import { Rules, type RulesInput } from '../../shared/rules.ts';
import { barsOf } from '../../test/fixtures/bars.ts';
import { prepareRules } from './rules-strategy.ts';

const bars = [barsOf([1, 2, 3, 4, 5, 6], 'A'), barsOf([6, 5, 4, 3, 2, 1], 'B')];
const shown = (rules: RulesInput, symbol: number) => {
  const market = { bars, traded: [0, 1], calendar: bars.map(({ ts }) => ts) };
  return indicatorsOf(prepareRules({ rules: Rules.parse(rules), params: {} }, market), symbol);
};

it('shows what signals are made of, by the names under which it is written', () => {
  const rules: RulesInput = {
    let: { f: 'sma(close, 2)' },
    enterLong: 'crossOver(f, sma(f * 2, 3))',
    exitLong: 'bollinger(close, 2, 1).upper < close',
  };
  const indicators = shown(rules, 0);
  expect(Object.keys(indicators).toSorted()).toEqual(
    ['bollinger(close, 2, 1).upper', 'sma(close, 2)', 'sma(sma(close, 2) * 2, 3)'].toSorted(),
  );
  expect([...indicators['sma(close, 2)']!]).toEqual([NaN, 1.5, 2.5, 3.5, 4.5, 5.5]);
  expect(shown(rules, 1)['sma(close, 2)']![5]).toBe(1.5);
});

it('shows what brackets and weights are made of', () => {
  const bracket: RulesInput = { enterLong: 'close > sma(close, 2)', stopLoss: 'atr(2) / close' };
  expect(Object.keys(shown(bracket, 0))).toEqual(expect.arrayContaining(['sma(close, 2)', 'atr(2)']));
  const weights: RulesInput = { weight: 'rank(roc(close, 1)) == 1 ? 1 : 0' };
  expect(Object.keys(shown(weights, 0)).join()).toMatch(/rank\(roc\(close, 1\)/);
});

it('cuts the names of what would be endless', () => {
  const doubled = Object.fromEntries(Array.from({ length: 90 }, (_, i) => [`n${i + 1}`, `n${i} + n${i}`]));
  const names = Object.keys(shown({ let: { n0: 'close', ...doubled }, enterLong: 'sma(n90, 2) > 1', exitLong: 'close < 1' }, 0));
  expect(names.map((name) => name.length)).toEqual([200]);
});
