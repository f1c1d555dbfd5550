import { describe, expect, it } from 'vitest';
import { FunctionInfo, IndicatorInfo, Rules, RulesCheckReport, type RulesInput } from '../../shared/rules.ts';
import { functionInfos, indicatorInfos, reportOnRules } from './report.ts';

const report = (rules: RulesInput, params = {}, further?: string[]) => reportOnRules({ rules: Rules.parse(rules), params }, further);

describe('the report on rules', () => {
  it('says what they read, are made of and need', () => {
    const params: RulesInput['params'] = { n: { type: 'integer', min: 1, max: 50, default: 4 } };
    const rules: RulesInput = { params, enterLong: 'sma(rsi(close, n), 5) > signal', exitLong: 'close < low[1]' };
    const expected = {
      faults: [],
      warnings: [],
      columns: ['close', 'signal', 'low'],
      indicators: ['rsi', 'sma', 'lag'],
      params: { n: 4 },
      lookback: 9,
    };
    // rsi(4) from bar 4, its average from bar 8: the first decision is at bar 9.
    expect(report(rules, {}, ['signal'])).toEqual(expected);
    expect(RulesCheckReport.parse(expected)).toEqual(expected);
  });

  it('has every fault with its place, and nothing else then', () => {
    expect(report({ enterLong: 'cloes > 1' })).toEqual({
      faults: [{ path: 'strategy.rules.enterLong', message: '"cloes" is no known name; did you mean "close"?', from: 0, to: 5 }],
      warnings: [{ path: 'strategy.rules.enterLong', message: 'is never left: there is no exitLong and no stop' }],
      columns: [],
      indicators: [],
      params: {},
      lookback: null,
    });
  });

  it('finds long lookbacks, and says where there is none', () => {
    expect(report({ enterLong: 'sma(close, 2000) > 1', exitLong: 'true' }).lookback).toBe(2000);
    expect(report({ enterLong: 'close > 1', exitLong: 'true' }).lookback).toBe(1);
  });
});

describe('the lists', () => {
  it('name every indicator with its signature', () => {
    const infos = indicatorInfos();
    expect(infos.map((info) => IndicatorInfo.parse(info))).toEqual(infos);
    expect(infos.find(({ name }) => name === 'macd')).toMatchObject({
      signature: 'macd(x, fast = 12, slow = 26, signal = 9)',
      outputs: ['macd', 'signal', 'histogram'],
    });
  });

  it('name every function with its signature', () => {
    const infos = functionInfos();
    expect(infos.map((info) => FunctionInfo.parse(info))).toEqual(infos);
    expect(infos.map(({ name }) => name)).toEqual(expect.arrayContaining(['crossOver', 'min', 'rank', 'isNaN', 'coalesce']));
  });

  it('hold only examples that can be called', () => {
    for (const { series, name, params } of indicatorInfos()) {
      const call = `${name}(${[...['close', 'open', 'high'].slice(0, series), ...params.map(({ min, default: value }) => value ?? min)].join(', ')})`;
      expect(report({ enterLong: `${call} > 0`, exitLong: `isNaN(${call})` }).faults, call).toEqual([]);
    }
  });
});
