import type { Indicators } from '../../engine/strategy.ts';
import type { Bars } from '../../shared/bars.ts';
import { resolveColumns } from './columns.ts';
import { isPlane, type NumberNode, type Plane } from './graph.ts';
import { partsBelow } from './parts.ts';
import type { Program } from './program.ts';

/** The indicators and ranks that the rules are made of, for each symbol, named as they are written: `sma(close, 10)`. */
export function namedIndicators(program: Program, bars: readonly Bars[]): Indicators[] {
  const roots = rootsOf(program);
  const names = namesOf(roots);
  return resolveColumns(roots, bars).map((columns) => {
    const shown = [...columns].filter(([{ kind }]) => kind !== 'column');
    return Object.fromEntries(shown.map(([node, column]) => [names.get(node)!, column]));
  });
}

function rootsOf({ conditions, numbers }: Program): (NumberNode | Plane)[] {
  return [...Object.values(conditions).flatMap(({ holds, fails }) => [holds, fails]), ...Object.values(numbers)];
}

/** Longest name; what is within it is cut. */
const MAX_NAME = 200;

/** Writes each node once, its parts first, and cuts it: of names that use each other twice, the whole text would double with each of them. */
function namesOf(roots: readonly (NumberNode | Plane)[]): Map<NumberNode | Plane, string> {
  const names = new Map<NumberNode | Plane, string>();
  for (const node of partsBelow(roots)) if (!isPlane(node)) names.set(node, cut(textOf(node, (part) => names.get(part)!)));
  return names;
}

function cut(text: string): string {
  return text.length > MAX_NAME ? `${text.slice(0, MAX_NAME - 1)}…` : text;
}

function textOf(node: NumberNode, nameOf: (part: NumberNode) => string): string {
  switch (node.kind) {
    case 'constant':
      return String(node.value);
    case 'column':
    case 'held':
      return node.name;
    case 'indicator': {
      const { name, series, outputs } = node.definition;
      const member = outputs.length > 1 ? `.${outputs[node.output]}` : '';
      return `${name}(${[...node.inputs.slice(0, series).map(nameOf), ...node.params].join(', ')})${member}`;
    }
    case 'rank':
    case 'select':
      return `${node.kind}(${node.inputs.map(nameOf).join(', ')})`;
    case 'maths':
      if (!isBetween(node.operation)) return `${node.operation}(${node.inputs.map(nameOf).join(', ')})`;
      return node.inputs
        .map((part) => (part.kind === 'maths' && isBetween(part.operation) ? `(${nameOf(part)})` : nameOf(part)))
        .join(` ${node.operation} `);
  }
}

/** Signs stand between their numbers, words before them. */
function isBetween(operation: string): boolean {
  return !/^\w/.test(operation);
}
