import { PRICE_COLUMNS } from '../../shared/bars.ts';
import { canonicalJson } from '../../shared/canonical-json.ts';
import type { Fault } from '../../shared/errors.ts';
import { Rules, type RulesInput } from '../../shared/rules.ts';
import type { ParamSpecs, Params } from '../../shared/strategy.ts';
import { unfit } from '../check-params.ts';
import type { SignalStrategy } from '../definition.ts';
import { readRules } from './program.ts';
import { prepareSignals } from './signals.ts';

interface RulesDefinition {
  name: string;
  title: string;
  description: string;
  params: ParamSpecs;
  check?: (params: Params) => Fault[];
  /** Signals only: enterLong, exitLong, enterShort, exitShort and what they need. */
  rules: Omit<RulesInput, 'params'>;
}

/** A built-in strategy that is written in rules. */
export function defineRules({ rules, ...about }: RulesDefinition): SignalStrategy {
  const checker = readRules(Rules.parse({ ...rules, params: about.params }));
  // An audit asks for the same parameters many times, on other bars.
  let last: { key: string; checked: ReturnType<typeof checker.check> } | null = null;
  const check = (params: Params) => {
    const key = canonicalJson(params);
    if (last?.key !== key) last = { key, checked: checker.check(params, PRICE_COLUMNS) };
    return last.checked;
  };
  return {
    ...about,
    prepare(params, bars) {
      const { program, faults } = check(params);
      if (program === null) throw unfit(faults);
      return prepareSignals(program, [bars])[0]!;
    },
  };
}
