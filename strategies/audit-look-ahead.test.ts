import { describe, expect, it } from 'vitest';
import type { Decider } from '../engine/run-simulation.ts';
import { ENTER_LONG, EXIT_LONG, type Strategy } from '../engine/strategy.ts';
import type { Trader } from '../engine/trader.ts';
import type { Bars } from '../shared/bars.ts';
import { AccountSpec } from '../shared/spec.ts';
import { barsOf } from '../test/fixtures/bars.ts';
import { auditLookAhead } from './audit-look-ahead.ts';
import { prepareDecider } from './catalog.ts';

const wave = Array.from({ length: 400 }, (_, i) => 100 + 20 * Math.sin(i / 5) + 7 * Math.sin(i * 1.7));
const bars = [barsOf(wave, 'A'), barsOf(wave.slice(0, 350).toReversed(), 'B')];

const audit = (prepare: (bars: readonly Bars[]) => Decider, changes: { bars?: Bars[]; seed?: number; budget?: number } = {}) =>
  auditLookAhead({ bars, account: AccountSpec.parse({}), seed: 7, budget: 1e6, prepare, ...changes });

/** Signals by a rule for one bar; NaN beyond the last. */
const byRule =
  (rule: (close: Float64Array, i: number) => boolean) =>
  (all: readonly Bars[]): Decider => ({
    signals: all.map(({ close }): Strategy => ({
      firstDecision: 1,
      signals: (from, to, out) => {
        for (let i = from; i < to; i++) out[i - from] = rule(close, i) ? ENTER_LONG : EXIT_LONG;
      },
    })),
  });

/** A trader that decides by a rule for one bar of its first symbol. */
const traderBy =
  (rule: (close: Float64Array, i: number) => boolean) =>
  (all: readonly Bars[]): Decider => ({
    trader: {
      firstDecision: 1,
      decide(context) {
        const [symbol] = context.symbols;
        if (rule(all[0]!.close, symbol!.row)) context.buy({ symbol: 'A', size: 1 });
        else if (symbol!.position > 0) context.close({ symbol: 'A' });
      },
    } satisfies Trader,
  });

const kinds = [
  ['of signals', byRule],
  ['of orders', traderBy],
] as const;

describe.each(kinds)('a strategy %s', (_name, make) => {
  it('that looks back only passes', () => {
    expect(audit(make((close, i) => close[i]! > close[i - 1]!))).toEqual({ passed: true, samples: 6, firstDifference: null });
  });

  it.each<[string, (close: Float64Array, i: number) => boolean]>([
    ['the next close', (close, i) => close[i + 1]! > close[i]!],
    ['the highest close of all', (close, i) => close[i]! > 0.95 * Math.max(...close)],
    ['the number of bars', (close, i) => (close.length - i) % 2 === 0],
    ['an average around the bar', (close, i) => close[i - 1]! + close[i + 1]! > 2 * close[i]!],
  ])('that knows %s is caught', (_what, rule) => {
    const verdict = audit(make(rule));
    expect(verdict).toMatchObject({ passed: false, samples: 6 });
    expect(verdict!.firstDifference).toMatch(/^202[45]-/);
  });

  it('is not judged by too few bars', () => {
    expect(
      audit(
        make(() => true),
        { bars: [barsOf([1, 2, 3, 4], 'A')] },
      ),
    ).toBeNull();
    expect(
      audit(
        make(() => true),
        { bars: [barsOf(wave.slice(0, 7), 'A')] },
      ),
    ).toMatchObject({ passed: true });
  });

  it('is judged at the same bars whenever it is', () => {
    const cheat = make((close, i) => close[i + 1]! > close[i]!);
    expect(audit(cheat, { seed: 3 })).toEqual(audit(cheat, { seed: 3 }));
  });

  it('is not asked more often than the budget allows', () => {
    let asked = 0;
    audit(
      make((close, i) => (asked++, close[i]! > 100)),
      { budget: 60 },
    );
    expect(asked).toBeLessThanOrEqual(2 * (60 + 12));
  });
});

it('finds a difference where an indicator is computed from all bars at once', () => {
  const zScore = (all: readonly Bars[]): Decider => {
    const mean = all[0]!.close.reduce((sum, close) => sum + close, 0) / all[0]!.close.length;
    return byRule((close, i) => close[i]! > mean + 0.001)(all);
  };
  expect(audit(zScore)).toMatchObject({ passed: false });
});

it.each(['sma-cross', 'buy-and-hold', 'rsi-reversion', 'synthetic-load'])('passes the built-in %s', (name) => {
  const params = name === 'synthetic-load' ? { fast: 3, slow: 9, microsecondsPerBar: 0 } : {};
  expect(audit((all) => prepareDecider({ name, params }, all))).toMatchObject({ passed: true, samples: 6 });
});
