import { describe, expect, it } from 'vitest';
import type * as z from 'zod';
import { createRunSimulation, openPositions } from '../../engine/run-simulation.ts';
import { Rules, type RulesInput } from '../../shared/rules.ts';
import { AccountSpec } from '../../shared/spec.ts';
import { readReference } from '../../test/fixtures/oracles.ts';
import { prepareRules } from './rules-strategy.ts';

type AccountInput = z.input<typeof AccountSpec>;

const crossing = (fast: string, slow: string): RulesInput => ({
  let: { fast, slow },
  enterLong: 'crossOver(fast, slow)',
  exitLong: 'crossUnder(fast, slow)',
});

const flipping = (fast: string, slow: string): RulesInput => ({
  let: { fast, slow },
  enterLong: 'crossOver(fast, slow)',
  enterShort: 'crossUnder(fast, slow)',
});

const units = (count: number): AccountInput['sizing'] => ({ kind: 'units', units: count });

/** The words of each reference as rules. */
const REFERENCES: [name: string, rules: RulesInput, account: AccountInput][] = [
  ['01_aapl_sma5_20_long', crossing('sma(close, 5)', 'sma(close, 20)'), { fees: { relative: 0.001 } }],
  ['02_msft_sma12_40_flip', flipping('sma(close, 12)', 'sma(close, 40)'), {}],
  [
    '03_msft_limit_dip_expiry3',
    {
      enterLong: 'close > sma(close, 30)',
      limitPrice: '0.985 * close',
      expireBars: '3',
      exitLong: 'close >= 1.04 * entryPrice || barsHeld >= 15',
    },
    { fees: { relative: 0.001 }, sizing: units(100) },
  ],
  [
    '04_aapl_breakout_bracket',
    {
      enterLong: 'close > highest(high, 30)[1]',
      stopLossPrice: '0.96 * close',
      takeProfitPrice: '1.08 * close',
      size: '0.6',
    },
    { fees: { relative: 0.001 } },
  ],
  [
    '05_ibm_short_sl',
    {
      let: { fast: 'sma(close, 8)', slow: 'sma(close, 25)' },
      enterShort: 'crossUnder(fast, slow)',
      exitShort: 'crossOver(fast, slow)',
      stopLossPrice: '1.05 * close',
    },
    { fees: { relative: 0.001 }, sizing: units(80) },
  ],
  [
    '06_msft_trailing_6pct',
    { enterLong: 'crossOver(sma(close, 10), sma(close, 50))', stopLossPrice: '0.94 * close', trailingStopPrice: '0.94 * close' },
    { fees: { relative: 0.0005 }, sizing: units(400) },
  ],
  [
    '07_ibm_rsi14_reversion',
    { enterLong: 'rsi(close, 14) < 35', exitLong: 'rsi(close, 14) > 55', size: '0.9' },
    { fees: { relative: 0.001 } },
  ],
  [
    '08_aapl_donchian20_stop',
    { enterLong: 'true', stopPrice: 'highest(high, 20)', expireBars: '1', trailingStopPrice: 'lowest(low, 12)' },
    { fees: { relative: 0.001 }, sizing: units(300) },
  ],
  ['10_ibm_leverage2_flip', flipping('sma(close, 8)', 'sma(close, 60)'), { fees: { relative: 0.0005 }, leverage: 2 }],
  ['11_aapl_sma5_20_on_close', crossing('sma(close, 5)', 'sma(close, 20)'), { fees: { relative: 0.001 }, fill: 'same-close' }],
  ['14_aapl_sma5_20_fractional', crossing('sma(close, 5)', 'sma(close, 20)'), { fees: { relative: 0.001 }, fractional: true }],
];

describe.each(REFERENCES)('the rules of the reference run %s', (name, rules, accountInput) => {
  const { bars, cash, trades: expected, openTrades, equity } = readReference(name);
  const account = AccountSpec.parse({ ...accountInput, cash });
  const market = { bars: [bars], traded: [0], calendar: [bars.ts] };
  const simulation = createRunSimulation({
    bars: [bars],
    decider: prepareRules({ rules: Rules.parse(rules), params: {} }, market),
    account,
  });
  simulation.advance(simulation.total);
  const { trades, curve } = simulation.take();

  it('trade as it does: the same bars, prices and sizes', () => {
    for (const column of ['entryBar', 'exitBar'] as const) expect([...trades[column]]).toEqual(expected.map((trade) => trade[column]));
    for (const column of ['entryPrice', 'exitPrice', 'size', 'pnl', 'fees'] as const)
      expected.forEach((trade, i) =>
        expect(Math.abs(trades[column][i]! - trade[column])).toBeLessThanOrEqual(1e-9 * Math.abs(trade[column])),
      );
    const open = openPositions(simulation.state(), { bars: [bars], account });
    expect([...open.entryBar]).toEqual(openTrades.map(({ entryBar }) => entryBar));
  });

  it('leave its equity at every bar', () => {
    equity.forEach((value, i) => expect(Math.abs(curve.equity[i]! / value - 1)).toBeLessThan(1e-9));
  });
});
