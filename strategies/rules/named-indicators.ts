import type { Indicators } from '../../engine/strategy.ts';
import type { Bars } from '../../shared/bars.ts';
import { resolveColumns } from './columns.ts';
import type { NumberNode, Plane } from './graph.ts';
import type { Program } from './program.ts';

/** The indicators and ranks that the rules are made of, for each symbol, named as they are written: `sma(close, 10)`. */
export function namedIndicators(program: Program, bars: readonly Bars[]): Indicators[] {
  return resolveColumns(rootsOf(program), bars).map((columns) => {
    const shown = [...columns].filter(([{ kind }]) => kind !== 'column');
    return Object.fromEntries(shown.map(([node, column]) => [textOf(node), column]));
  });
}

function rootsOf({ conditions, numbers }: Program): (NumberNode | Plane)[] {
  return [...Object.values(conditions).flatMap(({ holds, fails }) => [holds, fails]), ...Object.values(numbers)];
}

function textOf(node: NumberNode): string {
  switch (node.kind) {
    case 'constant':
      return String(node.value);
    case 'column':
      return node.name;
    case 'indicator': {
      const { name, series, outputs } = node.definition;
      const member = outputs.length > 1 ? `.${outputs[node.output]}` : '';
      return `${name}(${[...node.inputs.slice(0, series).map(textOf), ...node.params].join(', ')})${member}`;
    }
    case 'rank':
    case 'select':
      return `${node.kind}(${node.inputs.map(textOf).join(', ')})`;
    case 'maths':
      return isBetween(node.operation)
        ? node.inputs.map(partText).join(` ${node.operation} `)
        : `${node.operation}(${node.inputs.map(textOf).join(', ')})`;
  }
}

function partText(node: NumberNode): string {
  return node.kind === 'maths' && isBetween(node.operation) ? `(${textOf(node)})` : textOf(node);
}

/** Signs stand between their numbers, words before them. */
function isBetween(operation: string): boolean {
  return !/^\w/.test(operation);
}
