import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../engine/metrics/metrics.ts';
import { createRunSimulation, openPositions } from '../../engine/run-simulation.ts';
import type { Bars } from '../../shared/bars.ts';
import type { MetricName } from '../../shared/metrics.ts';
import { AccountSpec, MetricSpec, StrategySpec } from '../../shared/spec.ts';
import type { Params } from '../../shared/strategy.ts';
import { barsOf } from '../../test/fixtures/bars.ts';
import { prepareDecider } from '../catalog.ts';
import { runTrials } from './run-trials.ts';

const rules = {
  params: { fast: { type: 'integer', min: 1, max: 50 }, slow: { type: 'integer', min: 1, max: 50, default: 8 } },
  let: { f: 'sma(close, fast)', s: 'sma(close, slow)' },
  enterLong: 'crossOver(f, s)',
  exitLong: 'crossUnder(f, s)',
};
const STRATEGIES: [string, StrategySpec, Params[]][] = [
  ['rules', StrategySpec.parse({ rules }), [{ fast: 2 }, { fast: 3, slow: 5 }, { fast: 7, slow: 4 }]],
  ['rules with stops', StrategySpec.parse({ rules: { ...rules, stopLoss: '0.05' } }), [{ fast: 2 }, { fast: 3, slow: 5 }]],
  ['a named strategy', StrategySpec.parse({ name: 'sma-cross', params: { slow: 9 } }), [{ fast: 2 }, { fast: 3, slow: 5 }]],
];

const moves = fc.array(fc.double({ min: 0.9, max: 1.12, noNaN: true }), { minLength: 2, maxLength: 150 });
const walk = (steps: readonly number[]): Bars => {
  let last = 100;
  const rows = steps.map((step): [number, number, number, number] => {
    const open = last;
    last = open * step;
    return [open, Math.max(open, last), Math.min(open, last), last];
  });
  return barsOf(rows);
};

describe('trials', () => {
  it.each(STRATEGIES)('have the bytes of single runs: %s', (_, strategy, space) => {
    const account = AccountSpec.parse({ fees: { relative: 0.001 } });
    const metrics = MetricSpec.parse({});
    fc.assert(
      fc.property(moves, fc.boolean(), (steps, isQuick) => {
        const bars = [walk(steps)];
        const figures: MetricName[] = [
          'totalReturn',
          'sharpe',
          'maxDrawdown',
          'trades',
          ...(isQuick ? [] : (['exposure', 'winRate'] as const)),
        ];
        const columns = runTrials({ bars, strategy, space, account, metrics, figures });
        space.forEach((params, trial) => {
          const decider = prepareDecider({ ...strategy, params: { ...strategy.params, ...params } as StrategySpec['params'] }, bars);
          const run = { bars, decider, account };
          const simulation = createRunSimulation(run);
          simulation.advance(simulation.total);
          const builder = createMetrics({ cash: account.cash, metrics });
          const { curve, trades } = simulation.take();
          builder.addCurve(curve);
          builder.addTrades(trades);
          builder.addTrades(openPositions(simulation.state(), run));
          const whole = builder.finish();
          expect(figures.map((name) => columns[name]![trial])).toEqual(figures.map((name) => whole[name] ?? NaN));
        });
      }),
      { numRuns: 100 },
    );
  });
});
