import { expect, it } from 'vitest';
import { INDICATORS } from '../../engine/indicators/catalog.ts';
import { lag } from '../../engine/indicators/lag.ts';
import { isMissing, type IndicatorDefinition } from '../../engine/indicators/indicator.ts';
import { AccountSpec, StrategySpec } from '../../shared/spec.ts';

import { barsOf } from '../../test/fixtures/bars.ts';
import { auditLookAhead } from '../audit-look-ahead.ts';
import { prepareDecider } from '../catalog.ts';

/** What no indicator may do: the value some bars later. The language cannot say it; only a fault in the engine could. */
const lead: IndicatorDefinition = {
  ...lag,
  name: 'lead',
  run({ params: [bars] }, { inputs: [values], from, to, outputs: [out] }) {
    for (let i = from; i < to; i++) out![i - from] = isMissing(values![i + bars!] ?? Number.NaN) ? values![i]! : values![i + bars!]!;
  },
};

(INDICATORS as Map<string, IndicatorDefinition>).set(lead.name, lead);

const wave = Array.from({ length: 400 }, (_, i) => 100 + 20 * Math.sin(i / 5) + 7 * Math.sin(i * 1.7));
const bars = [barsOf(wave)];

const verdictOn = (enterLong: string, exitLong: string) =>
  auditLookAhead({
    bars,
    account: AccountSpec.parse({}),
    seed: 7,
    budget: 1e6,
    prepare: (known) => prepareDecider(StrategySpec.parse({ rules: { enterLong, exitLong } }), known),
  });

it('an expression that knows a later bar is caught', () => {
  const verdict = verdictOn('lead(close, 3) > close', 'lead(close, 3) < close');
  expect(verdict).toMatchObject({ passed: false, samples: 6 });
});

it('the same expression on earlier bars passes', () => {
  expect(verdictOn('lag(close, 3) > close', 'lag(close, 3) < close')).toEqual({ passed: true, samples: 6, firstDifference: null });
});
