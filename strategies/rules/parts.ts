import { partsOf, type NumberNode, type Plane } from './graph.ts';

/** All nodes that the roots are made of, themselves included, each after its parts; what is `isWhole` is not looked into. */
export function partsBelow(roots: readonly (NumberNode | Plane)[], isWhole: (node: NumberNode | Plane) => boolean = () => false) {
  const found = new Set<NumberNode | Plane>(roots);
  // A Set hands out what is added while it is walked.
  for (const node of found) if (!isWhole(node)) for (const part of partsOf(node)) found.add(part);
  return [...found].sort((a, b) => a.id - b.id);
}
