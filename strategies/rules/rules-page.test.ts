import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { RulesInput } from '../../shared/rules.ts';
import type { Params } from '../../shared/strategy.ts';
import { barsOf } from '../../test/fixtures/bars.ts';
import { createRunSimulation } from '../../engine/run-simulation.ts';
import { AccountSpec, StrategySpec } from '../../shared/spec.ts';
import { prepareDecider } from '../catalog.ts';
import { functionInfos, reportOnRules } from './report.ts';

const page = readFileSync(path.resolve(import.meta.dirname, '../../docs/rules.md'), 'utf8');
const examples = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(
  ([, text]) => JSON.parse(text!) as { rules: RulesInput; params?: Params },
);

describe('the page on rules', () => {
  it.each(examples.map((example, i) => [i + 1, example] as const))('has examples that run and trade without a fault: %i', (_, example) => {
    const { rules, params } = StrategySpec.parse(example);
    expect(reportOnRules({ rules: rules!, params })).toMatchObject({ faults: [], warnings: [] });
    const waves = (symbol: string, phase: number) => {
      const closes = Array.from(
        { length: 800 },
        (__, i) => 100 + 20 * Math.sin(i / 30 + phase) + 2 * Math.sin(i * 1.7 + phase) - (i % 97 === 0 ? 20 : 0),
      );
      return { ...barsOf(closes, symbol), volume: Float64Array.from(closes, (close, i) => close * (5_000 + (i % 7))) };
    };
    const bars = [waves('A', 0), waves('B', 2), waves('C', 4)];
    const account = AccountSpec.parse({ cash: 1_000_000, sizing: { kind: 'fraction', fraction: 0.3 } });
    const simulation = createRunSimulation({ bars, decider: prepareDecider({ name: 'rules', rules: rules!, params }, bars), account });
    simulation.advance(simulation.total);
    expect(simulation.take().trades.size.length).toBeGreaterThan(0);
  });

  it('explains every function', () => {
    for (const { signature } of functionInfos()) expect(page).toContain(`\`${signature}\``);
  });
});
