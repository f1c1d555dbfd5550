import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { HoldfastError } from '../shared/errors.ts';
import { StrategyInfo } from '../shared/strategy.ts';
import { barsOf } from '../test/fixtures/bars.ts';
import { checkStrategy, checkSymbols, prepareDecider, prepareStrategy, strategyFiles, strategyInfos } from './catalog.ts';

const ROOT = path.resolve(import.meta.dirname, '..');

const faultsOf = (name: string, params = {}) => checkStrategy({ name, params }).faults;

describe('the list of strategies', () => {
  it('describes each with its parameters and their JSON Schema', () => {
    const infos = strategyInfos();
    expect(infos.map((info) => StrategyInfo.parse(info))).toEqual(infos);
    expect(infos.map(({ name }) => name)).toEqual([
      'sma-cross',
      'ema-cross',
      'macd',
      'rsi-reversion',
      'bollinger',
      'donchian-breakout',
      'buy-and-hold',
      'dollar-cost-averaging',
      'equal-weight',
      'inverse-volatility',
      'momentum-rotation',
      'pairs-zscore',
      'synthetic-load',
    ]);
  });

  it('has schemas that let the defaults through and nothing else', () => {
    for (const { params, schema } of strategyInfos()) {
      const validate = new Ajv2020().compile(schema);
      expect(validate({})).toBe(true);
      expect(validate(Object.fromEntries(Object.entries(params).map(([name, { default: value }]) => [name, value])))).toBe(true);
      expect(validate({ nonsense: 1 })).toBe(false);
    }
  });
});

describe('checking a strategy', () => {
  it('fills in the defaults', () => {
    expect(checkStrategy({ name: 'sma-cross', params: { fast: 5 } })).toEqual({
      params: { fast: 5, slow: 30, direction: 'long' },
      faults: [],
    });
    expect(checkStrategy({ name: 'buy-and-hold', params: {} })).toEqual({ params: {}, faults: [] });
  });

  it('suggests the nearest name for an unknown one', () => {
    expect(faultsOf('sma-cros')).toEqual([{ path: 'strategy.name', message: '"sma-cros" is not known; did you mean "sma-cross"?' }]);
    expect(faultsOf('martingale')[0]?.message).toContain('there are sma-cross, ema-cross');
    expect(faultsOf('sma-cross', { fats: 5 })).toEqual([
      { path: 'strategy.params.fats', message: '"fats" is not known; did you mean "fast"?' },
    ]);
    expect(faultsOf('buy-and-hold', { fast: 5 })[0]?.message).toBe('"fast" is not known: there are none');
  });

  it('names every fault at once', () => {
    const paths = faultsOf('sma-cross', { fast: 0, slow: 2.5, direction: 'up', lenght: 3 }).map((fault) => fault.path);
    expect(paths.toSorted()).toEqual(['direction', 'fast', 'lenght', 'slow'].map((name) => `strategy.params.${name}`));
  });

  it('refuses parameters that are good one by one but not together', () => {
    expect(faultsOf('sma-cross', { fast: 30, slow: 30 })).toEqual([
      { path: 'strategy.params.fast', message: 'must be less than slow (30), but is 30' },
    ]);
    expect(faultsOf('synthetic-load', { fast: 40 })[0]?.path).toBe('strategy.params.fast');
    expect(faultsOf('rsi-reversion', { buyBelow: 60 })[0]?.path).toBe('strategy.params.buyBelow');
    expect(faultsOf('pairs-zscore', { enter: 1, exit: 1 })).toEqual([
      { path: 'strategy.params.exit', message: 'must be less than enter (1), but is 1' },
    ]);
  });

  it('does not take a name from the prototype of objects', () => {
    expect(faultsOf('toString')).toHaveLength(1);
    expect(faultsOf('sma-cross', { constructor: 1 })).toHaveLength(1);
  });
});

describe('checking the symbols of a strategy', () => {
  const check = (name: string, symbols: string[], params = {}, untraded: string[] = []) => {
    const instruments = Object.fromEntries(untraded.map((symbol) => [symbol, { multiplier: 1, minimumSize: 0, tradable: false }]));
    return checkSymbols({ name, params }, { symbols, instruments });
  };

  it('refuses a number of them that it cannot trade, in its words', () => {
    const path = 'data.symbols';
    expect(check('pairs-zscore', ['A', 'B', 'C'])).toEqual([
      { path, message: 'must name exactly 2 that can be traded for pairs-zscore, but 3 of them can' },
    ]);
    expect(check('momentum-rotation', ['A'])).toEqual([
      { path, message: 'must name at least 2 that can be traded for momentum-rotation, but 1 of them can' },
    ]);
    expect(check('pairs-zscore', ['A', 'B'])).toEqual([]);
    expect(check('sma-cross', ['A', 'B', 'C'])).toEqual([]);
  });

  it('counts those only that can be traded', () => {
    expect(check('pairs-zscore', ['A', 'B', 'EURUSD'], {}, ['EURUSD'])).toEqual([]);
    expect(check('pairs-zscore', ['A', 'EURUSD'], {}, ['EURUSD'])).toHaveLength(1);
  });

  it('refuses parameters that are too large for them', () => {
    expect(check('momentum-rotation', ['A', 'B'], { top: 3 })).toEqual([
      { path: 'strategy.params.top', message: 'must not be above the number of symbols (2), but is 3' },
    ]);
    expect(check('momentum-rotation', ['A', 'B', 'C'], { top: 3 })).toEqual([]);
  });

  it('leaves what is no built-in strategy, or has other faults, to other checks', () => {
    expect(check('my-module', ['A'])).toEqual([]);
    expect(check('momentum-rotation', ['A', 'B'], { top: 3, nonsense: 1 })).toEqual([]);
  });
});

describe('inline rules', () => {
  const rules = { params: {}, let: {}, enterLong: 'close > open', exitLong: 'close < open' };
  const params = {};

  it('are checked as a strategy, with the place of every fault', () => {
    expect(checkStrategy({ name: 'rules', rules, params })).toMatchObject({ params: {}, faults: [] });
    expect(checkStrategy({ name: 'rules', rules: { ...rules, exitLong: 'close < opne' }, params }).faults).toEqual([
      { path: 'strategy.rules.exitLong', message: '"opne" is no known name; did you mean "open"?', from: 8, to: 12 },
    ]);
  });

  it('decide as a strategy does', () => {
    const bars = barsOf([
      [1, 2, 1, 2],
      [2, 2, 1, 1],
    ]);
    const decider = prepareDecider({ name: 'rules', rules, params }, [bars]);
    const out = new Uint8Array(2);
    if ('signals' in decider) decider.signals[0]!.signals(0, 2, out);
    expect([...out]).toEqual([1, 2]);
    expect(() => prepareDecider({ name: 'rules', rules: { ...rules, exitLong: 'clos > 1' }, params }, [bars])).toThrow(/exitLong/);
  });
});

describe('preparing a strategy', () => {
  it('gives signals of each symbol that is traded', () => {
    const instruments = { RATE: { multiplier: 1, minimumSize: 0, tradable: false } };
    const decider = prepareDecider({ name: 'buy-and-hold', params: {} }, [barsOf([1, 2], 'A'), barsOf([1, 2], 'RATE')], { instruments });
    expect('signals' in decider && decider.signals.map((strategy) => strategy === null)).toEqual([false, true]);
  });

  it('refuses symbols that the strategy cannot trade, and to give signals of a strategy of several symbols', () => {
    const pairs = { name: 'pairs-zscore', params: {} };
    expect(() => prepareDecider(pairs, [barsOf([1, 2])])).toThrow(/data\.symbols: must name exactly 2/);
    expect(() => prepareStrategy(pairs, barsOf([1, 2]))).toThrow(/strategy\.name: "pairs-zscore" trades several/);
  });

  it('refuses what the check would refuse, naming every fault', () => {
    const prepare = () => prepareStrategy({ name: 'sma-cross', params: { fast: 0, slow: 1 } }, barsOf([1, 2]));
    expect(prepare).toThrow(HoldfastError);
    expect(prepare).toThrow(/strategy\.params\.fast.*strategy\.params\.slow/);
  });
});

describe('the files of a strategy', () => {
  it('are its source and everything it imports from this folder', () => {
    for (const { name } of strategyInfos()) {
      expect(strategyFiles(name)).toEqual(closureOf(`strategies/built-in/${name}.ts`).toSorted());
    }
    expect(strategyFiles('rules')).toEqual(closureOf('strategies/rules/rules-strategy.ts').toSorted());
  });

  function closureOf(file: string, seen: string[] = []): string[] {
    if (seen.includes(file)) return seen;
    const source = readFileSync(path.join(ROOT, file), 'utf8');
    const imported = [...source.matchAll(/from '(\.[^']+)'/g)].map(([, target]) => path.posix.join(path.posix.dirname(file), target!));
    return imported.filter((target) => target.startsWith('strategies/')).reduce((all, target) => closureOf(target, all), [...seen, file]);
  }
});
