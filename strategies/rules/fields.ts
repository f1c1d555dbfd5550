import type { RuleFault, Rules } from '../../shared/rules.ts';

export const SIGNAL_FIELDS = ['enterLong', 'exitLong', 'enterShort', 'exitShort'] as const;
/** What an entry may say of itself in numbers. */
export const ENTRY_NUMBERS = [
  'stopLoss',
  'takeProfit',
  'trailingStop',
  'stopLossPrice',
  'takeProfitPrice',
  'trailingStopPrice',
  'size',
  'exitSize',
  'maxEntries',
  'limitPrice',
  'stopPrice',
  'expireBars',
] as const;
const ENTRY_FIELDS = [...ENTRY_NUMBERS, 'tag'] as const;

/** Fields that mean something beside one of others only. */
const NEEDS = [
  { field: 'rebalance', needs: ['weight'], why: 'weight' },
  { field: 'expireBars', needs: ['limitPrice', 'stopPrice'], why: 'limitPrice or stopPrice: an order to enter fills at once' },
  { field: 'exitSize', needs: ['exitLong', 'exitShort'], why: 'exitLong or exitShort' },
] as const;

/** What fields say together: signals or weights, and nothing that would be without effect. */
export function checkFields(rules: Rules): { faults: RuleFault[]; warnings: RuleFault[] } {
  const has = (field: keyof Rules) => rules[field] !== undefined;
  const faults: RuleFault[] = [];
  const fault = (field: string, message: string) => void faults.push({ path: `strategy.rules.${field}`, message });
  if (!has('enterLong') && !has('enterShort') && !has('weight'))
    faults.push({ path: 'strategy.rules', message: 'trade nothing: give enterLong, enterShort or weight' });
  const idle = has('weight') ? [...SIGNAL_FIELDS, ...ENTRY_FIELDS].filter(has) : [];
  for (const field of idle) fault(field, 'has no effect beside weight: leave one of them out');
  for (const { field, needs, why } of NEEDS) if (has(field) && !needs.some(has)) fault(field, `has no effect without ${why}`);
  for (const leg of ['stopLoss', 'takeProfit'] as const)
    if (has(leg) && has(`${leg}Price`)) fault(`${leg}Price`, `says again what ${leg} says: leave one of them out`);
  return { faults, warnings: warnOf(rules) };
}

function warnOf(rules: Rules): RuleFault[] {
  const { enterLong, exitLong, enterShort, exitShort } = rules;
  const legs = [rules.stopLoss, rules.takeProfit, rules.trailingStop, rules.stopLossPrice, rules.takeProfitPrice, rules.trailingStopPrice];
  const hasStop = legs.some((leg) => leg !== undefined);
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
