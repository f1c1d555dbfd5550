import type { RuleFault } from '../../shared/rules.ts';
import type { Expression } from './expression.ts';

/** The names that an expression mentions. */
function namesIn(expression: Expression): string[] {
  switch (expression.kind) {
    case 'literal':
      return [];
    case 'name':
      return [expression.name];
    case 'call':
      return expression.args.flatMap(namesIn);
    case 'unary':
      return namesIn(expression.of);
    case 'binary':
      return [...namesIn(expression.left), ...namesIn(expression.right)];
    case 'choice':
      return [...namesIn(expression.test), ...namesIn(expression.yes), ...namesIn(expression.no)];
  }
}

/** The names of `let` in an order in which each comes after those it uses; a name that needs itself is a fault, and is left out of nothing. */
export function orderDefinitions(definitions: ReadonlyMap<string, Expression | null>): { order: string[]; faults: RuleFault[] } {
  const order = new Set<string>();
  const path: string[] = [];
  const faults: RuleFault[] = [];

  function visit(name: string): void {
    if (order.has(name)) return;
    const start = path.indexOf(name);
    if (start >= 0) {
      const circle = [...path.slice(start), name].join(' → ');
      faults.push({ path: `strategy.rules.let.${name}`, message: `needs itself: ${circle}` });
      return;
    }
    path.push(name);
    const expression = definitions.get(name);
    const needed = expression ? new Set(namesIn(expression)) : [];
    for (const other of needed) if (definitions.has(other)) visit(other);
    path.pop();
    order.add(name);
  }

  for (const name of definitions.keys()) visit(name);
  return { order: [...order], faults };
}
