import type { RuleFault } from '../../shared/rules.ts';
import { HELD, type Condition, type NumberNode, type Plane } from './graph.ts';
import { heldBelow } from './held-values.ts';

/** The expressions of rules, by field. */
interface Fields {
  readonly conditions: Readonly<Record<string, Condition>>;
  readonly numbers: Readonly<Record<string, NumberNode>>;
  readonly rebalance: string | Condition | null;
}

/** Whether signals alone do not say what is decided: it depends on the position. */
export function dependsOnPosition({ conditions }: Pick<Fields, 'conditions'>): boolean {
  return Object.values(conditions).some(({ holds, fails }) => holds.isOfHeld || fails.isOfHeld);
}

/** What is held is known at this bar and of this symbol only: nothing can be made of it that looks back or at others. */
export function checkHeld({ conditions, numbers, rebalance }: Fields): RuleFault[] {
  const fields: [string, readonly (NumberNode | Plane)[]][] = [
    ...Object.entries(conditions).map(([field, { holds, fails }]): [string, Plane[]] => [field, [holds, fails]]),
    ...Object.entries(numbers).map(([field, node]): [string, NumberNode[]] => [field, [node]]),
    ['rebalance', rebalance === null || typeof rebalance === 'string' ? [] : [rebalance.holds, rebalance.fails]],
  ];
  return fields.flatMap(([path, roots]) => {
    if (!roots.some(({ isOfHeld }) => isOfHeld)) return [];
    const depending = [...heldBelow(roots)];
    if (path === 'universe' || path === 'weight' || path === 'rebalance')
      return [{ path, message: `cannot depend on the position: ${HELD.join(', ')} have no place here` }];
    const isPast = ({ kind }: NumberNode | Plane) => kind === 'indicator' || kind === 'rank' || kind === 'before';
    if (!depending.some(isPast)) return [];
    return [{ path, message: `${HELD.join(', ')} are known at this bar only: take no indicator, rank, earlier value or crossing of them` }];
  });
}
