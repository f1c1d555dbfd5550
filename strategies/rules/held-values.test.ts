import { describe, expect, it } from 'vitest';
import { Rules, type RulesInput } from '../../shared/rules.ts';
import { barsOf } from '../../test/fixtures/bars.ts';
import { run } from '../../test/fixtures/ruled.ts';
import { checkRules } from './rules-strategy.ts';

describe('what is held', () => {
  it('is known to exits: the price of the entry and the bars since', () => {
    const target = { enterLong: 'close == 100', exitLong: 'close >= 1.1 * entryPrice' };
    // Decided at bar 1 and entered at bar 2, at 102: 112 is below 112.2, 113 is not.
    const rises = barsOf([100, 100, 102, 112, 113, 120]);
    expect(run(target, { bars: [rises] }).trades).toMatchObject([{ bars: [2, 5], prices: [102, 120] }]);
    const timed = { enterLong: 'close == 100', exitLong: 'barsHeld >= 2' };
    expect(run(timed, { bars: [barsOf([100, 100, 101, 102, 103, 104, 105])] }).trades).toMatchObject([
      { bars: [2, 5], prices: [101, 104] },
    ]);
  });

  it('says to an order which side it is of', () => {
    const rules = { enterLong: 'close == 100', enterShort: 'close == 120', stopLossPrice: 'close - side * 5' };
    const bars = barsOf([101, 101, 100, 100, [100, 101, 94, 96], 120, 120, [120, 126, 120, 121], 121]);
    expect(run(rules, { bars: [bars] }).trades).toMatchObject([
      { bars: [3, 4], prices: [100, 95], reason: 'stop-loss' },
      { bars: [6, 7], prices: [120, 125], reason: 'stop-loss' },
    ]);
  });

  it('can be added to, so many times and no more, at a mean price', () => {
    const rules = { enterLong: 'close <= 100', maxEntries: '2', exitLong: 'close > 1.2 * entryPrice' };
    const account = { sizing: { kind: 'units', units: 10 } } as const;
    // Entered at bars 2 (100) and 3 (90): the mean is 95, and 113 is below 114.
    const { trades } = run(rules, { bars: [barsOf([110, 100, 100, 90, 80, 113, 115, 115])], account });
    expect(trades).toMatchObject([
      { size: 10, bars: [2, 7], prices: [100, 115] },
      { size: 10, bars: [3, 7], prices: [90, 115] },
    ]);
  });

  it('can be left in parts', () => {
    const rules = { enterLong: 'close == 100', exitLong: 'close > 105', exitSize: '0.5' };
    const account = { sizing: { kind: 'units', units: 12 } } as const;
    const { trades, simulation } = run(rules, { bars: [barsOf([101, 100, 101, 106, 107, 104, 104])], account });
    expect(trades).toMatchObject([
      { size: 6, bars: [2, 4] },
      { size: 3, bars: [2, 5] },
    ]);
    expect(simulation.state().of).toMatchObject({ lots: [[{ units: 3 }]] });
  });

  it('has a stop that follows a price, and is never loosened', () => {
    const rules = { enterLong: 'close == 100', trailingStopPrice: 'close - 2' };
    // Entered at 101 in bar 2; stops at its close and those after: 98.5, 102, and 102 again, since 101 would be looser.
    const bars = barsOf([99, 100, [101, 101, 100, 100.5], [101, 104, 101, 104], [103.8, 103.8, 102.5, 103], [103, 103, 101, 102]]);
    expect(run(rules, { bars: [bars] }).trades).toMatchObject([{ bars: [2, 5], prices: [101, 102], reason: 'stop-loss' }]);
  });

  it('cannot be looked at in the past, nor where weights are chosen', () => {
    const faultsOf = (rules: RulesInput) =>
      checkRules({ rules: Rules.parse(rules), params: {} }).faults.map(({ path, message }) => [path, message]);
    expect(faultsOf({ enterLong: 'close > 1', exitLong: 'crossOver(close, entryPrice) || sma(barsHeld, 3) > 2' })).toEqual([
      ['strategy.rules.exitLong', expect.stringContaining('known at this bar only')],
    ]);
    expect(faultsOf({ weight: 'side' })).toEqual([['strategy.rules.weight', expect.stringContaining('cannot depend on the position')]]);
    expect(faultsOf({ enterLong: 'close > 1', stopLoss: '0.1', stopLossPrice: '5', exitSize: '0.5' }).map(([path]) => path)).toEqual([
      'strategy.rules.exitSize',
      'strategy.rules.stopLossPrice',
    ]);
  });

  it('may share its names with parameters, which then count', () => {
    const rules = {
      params: { side: { type: 'number', min: 0, max: 9, default: 3 } },
      enterLong: 'close > side',
      exitLong: 'close < side',
    } as const;
    expect(checkRules({ rules: Rules.parse(rules), params: {} })).toMatchObject({ faults: [], warnings: [] });
  });
});
