import type { RuleFault, Rules } from '../../shared/rules.ts';

const SIGNAL_FIELDS = ['enterLong', 'exitLong', 'enterShort', 'exitShort'] as const;
const ENTRY_FIELDS = ['stopLoss', 'takeProfit', 'trailingStop', 'size', 'limitPrice', 'stopPrice', 'expireBars', 'tag'] as const;

/** What fields say together: signals or weights, and nothing that would be without effect. */
export function checkFields(rules: Rules): { faults: RuleFault[]; warnings: RuleFault[] } {
  const { enterLong, enterShort, weight } = rules;
  const faults: RuleFault[] = [];
  const fault = (field: string, message: string) => void faults.push({ path: `strategy.rules.${field}`, message });
  if (enterLong === undefined && enterShort === undefined && weight === undefined) {
    faults.push({ path: 'strategy.rules', message: 'trade nothing: give enterLong, enterShort or weight' });
  }
  if (weight !== undefined) {
    for (const field of [...SIGNAL_FIELDS, ...ENTRY_FIELDS]) {
      if (rules[field] !== undefined) fault(field, 'has no effect beside weight: leave one of them out');
    }
  } else if (rules.rebalance !== undefined) fault('rebalance', 'has no effect without weight');
  if (rules.expireBars !== undefined && rules.limitPrice === undefined && rules.stopPrice === undefined) {
    fault('expireBars', 'has no effect without limitPrice or stopPrice: an order to enter fills at once');
  }
  return { faults, warnings: warnOf(rules) };
}

function warnOf(rules: Rules): RuleFault[] {
  const { enterLong, exitLong, enterShort, exitShort, stopLoss, takeProfit, trailingStop } = rules;
  const hasStop = (stopLoss ?? takeProfit ?? trailingStop) !== undefined;
  const sides = [
    { enter: 'enterLong', exit: 'exitLong', is: enterLong !== undefined, ends: exitLong ?? enterShort },
    { enter: 'enterShort', exit: 'exitShort', is: enterShort !== undefined, ends: exitShort ?? enterLong },
  ];
  return sides.flatMap(({ enter, exit, is, ends }) => {
    if (is && ends === undefined && !hasStop)
      return [{ path: `strategy.rules.${enter}`, message: `is never left: there is no ${exit} and no stop` }];
    const isIdle = !is && (exit === 'exitLong' ? exitLong : exitShort) !== undefined;
    return isIdle ? [{ path: `strategy.rules.${exit}`, message: `has no effect without ${enter}` }] : [];
  });
}
