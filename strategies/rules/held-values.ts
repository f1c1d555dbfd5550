import type { Bars } from '../../shared/bars.ts';
import { createBarValues } from './bar-values.ts';
import type { NodeColumns } from './columns.ts';
import { ABOVE, BELOW, EQUAL, isPlane, type Held, type NumberNode, type Plane } from './graph.ts';
import { calculate } from './maths.ts';
import { partsBelow } from './parts.ts';

/** Values that may depend on what is held, read at one bar of a symbol at a time. */
export interface HeldValues {
  /** Whether the condition certainly holds at a row of the symbol's own bars. */
  holds(plane: Plane, row: number, held: Held): boolean;
  /** NaN where it is not known. */
  number(node: NumberNode, row: number, held: Held): number;
}

/** The nodes below the roots that depend on what is held, each after its parts. */
export function heldBelow(roots: readonly (NumberNode | Plane)[]): Set<NumberNode | Plane> {
  return new Set(partsBelow(roots).filter(({ isOfHeld }) => isOfHeld));
}

/** What does not depend on what is held is computed in blocks; the rest at each bar that is asked for, from the account as it is then. */
export function createHeldValues(
  roots: { planes: readonly Plane[]; numbers: readonly NumberNode[] },
  bars: Bars,
  columns: NodeColumns,
): HeldValues {
  const all = [...roots.planes, ...roots.numbers];
  const depending = heldBelow(all);
  const known = partsBelow(all, (node) => !depending.has(node)).filter((node) => !depending.has(node));
  const planes = known.filter(isPlane);
  const numbers = known.filter((node) => !isPlane(node));
  const values = createBarValues({ planes, numbers }, bars, columns);
  const now = new Map<NumberNode | Plane, number>();
  let at: { row: number; held: Held } | null = null;

  const truth = (plane: Plane, row: number): boolean => (depending.has(plane) ? now.get(plane) === 1 : values.holds(plane, row));
  const amount = (node: NumberNode, row: number): number => (depending.has(node) ? now.get(node)! : values.number(node, row));

  function seek(row: number, held: Held): void {
    if (at?.row === row && at.held === held) return;
    at = { row, held };
    for (const node of depending) now.set(node, isPlane(node) ? Number(truthOf(node, row)) : amountOf(node, row, held));
  }

  function truthOf(plane: Plane, row: number): boolean {
    if (plane.kind === 'compare' || plane.kind === 'missing') {
      const [a, b = NaN] = plane.inputs.map((input) => amount(input, row));
      return plane.kind === 'missing' ? Number.isNaN(a) : (orderOf(a!, b) & plane.when) !== 0;
    }
    if (plane.kind === 'and') return plane.planes.every((part) => truth(part, row));
    return plane.kind === 'or' && plane.planes.some((part) => truth(part, row));
  }

  function amountOf(node: NumberNode, row: number, held: Held): number {
    if (node.kind === 'held') return held[node.name];
    if (node.kind === 'select') {
      const [yes, no] = node.inputs as readonly [NumberNode, NumberNode];
      return truth(node.test.holds, row) ? amount(yes, row) : truth(node.test.fails, row) ? amount(no, row) : NaN;
    }
    if (node.kind !== 'maths') return NaN;
    return calculate(
      node.operation,
      node.inputs.map((input) => amount(input, row)),
    );
  }

  return {
    holds(plane, row, held) {
      seek(row, held);
      return truth(plane, row);
    },
    number(node, row, held) {
      seek(row, held);
      return amount(node, row);
    },
  };
}

/** How two numbers lie to each other; 0 where one is missing. */
function orderOf(a: number, b: number): number {
  return a > b ? ABOVE : a < b ? BELOW : a === b ? EQUAL : 0;
}
