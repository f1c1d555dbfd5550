import type { IndicatorDefinition } from '../../engine/indicators/indicator.ts';
import type { Call } from './expression.ts';
import { ABOVE, BELOW, type NumberNode } from './graph.ts';
import type { Lowering, Meaning } from './meaning.ts';
import type { Maths } from './maths.ts';

/** A call with the meanings of its arguments. */
interface Arguments {
  readonly call: Call;
  readonly args: readonly Meaning[];
}

/** A function of the language that is no indicator. */
interface SpecialFunction {
  /** How it is written. */
  readonly signature: string;
  readonly description: string;
  lower(tools: Lowering, args: Arguments): Meaning;
}

interface Arity {
  readonly signature: string;
  readonly least: number;
  readonly most: number;
}

/** The arguments as numbers; null, with a complaint for each, where there are too few, too many or others than numbers. */
function numbersOf(tools: Lowering, { call, args }: Arguments, { signature, least, most }: Arity): NumberNode[] | null {
  if (args.length < least || args.length > most) {
    const count = least === most ? String(least) : most === Infinity ? `at least ${least}` : `${least} to ${most}`;
    return tools.complain(call, `takes ${count} ${count === '1' ? 'argument' : 'arguments'}, ${signature}, but has ${args.length}`);
  }
  const nodes = args.map((arg, index) => tools.number(arg, call.args[index]!, `argument ${index + 1} of ${call.name}`));
  return nodes.includes(null) ? null : (nodes as NumberNode[]);
}

function mathsFunction(operation: Maths, signature: string, description: string): SpecialFunction {
  return {
    signature,
    description,
    lower(tools, args) {
      const nodes = numbersOf(tools, args, { signature, least: 1, most: 1 });
      return nodes && { type: 'number', node: tools.maths(operation, nodes[0]!) };
    },
  };
}

function foldFunction(operation: Maths, signature: string, description: string): SpecialFunction {
  return {
    signature,
    description,
    lower(tools, args) {
      const nodes = numbersOf(tools, args, { signature, least: 2, most: Infinity });
      return nodes && { type: 'number', node: nodes.reduce((a, b) => tools.maths(operation, a, b)) };
    },
  };
}

function crossing(signature: string, description: string, sides: { before: number; now: number }): SpecialFunction {
  return {
    signature,
    description,
    lower(tools, args) {
      const nodes = numbersOf(tools, args, { signature, least: 2, most: 2 });
      if (nodes === null) return null;
      const { graph } = tools;
      const [a, b] = [nodes[0]!, nodes[1]!];
      const condition = graph.and(graph.before(graph.compare(a, b, sides.before)), graph.compare(a, b, sides.now));
      return { type: 'condition', condition };
    },
  };
}

const isMissing: SpecialFunction = {
  signature: 'isNaN(x)',
  description: 'Whether a value is missing: before the first value of an indicator, and where data or arithmetic give none',
  lower(tools, args) {
    const nodes = numbersOf(tools, args, { ...this, least: 1, most: 1 });
    return nodes && { type: 'condition', condition: tools.graph.missing(nodes[0]!) };
  },
};

const rank: SpecialFunction = {
  signature: 'rank(x)',
  description:
    'Place of the symbol among all symbols that have a bar at this time and a value: 1 for the highest, equal values share the better place',
  lower(tools, args) {
    const nodes = numbersOf(tools, args, { ...this, least: 1, most: 1 });
    return nodes && { type: 'number', node: tools.graph.number({ kind: 'rank', inputs: nodes }) };
  },
};

/** What can be called beside the indicators. */
export const FUNCTIONS: ReadonlyMap<string, SpecialFunction> = new Map(
  Object.entries({
    min: foldFunction('min', 'min(a, b, ...)', 'The least of the values; missing where one is'),
    max: foldFunction('max', 'max(a, b, ...)', 'The greatest of the values; missing where one is'),
    coalesce: foldFunction('coalesce', 'coalesce(a, b, ...)', 'The first of the values that is not missing'),
    abs: mathsFunction('abs', 'abs(x)', 'The value without its sign'),
    sqrt: mathsFunction('sqrt', 'sqrt(x)', 'The square root; missing below 0'),
    log: mathsFunction('log', 'log(x)', 'The natural logarithm; missing at 0 and below'),
    exp: mathsFunction('exp', 'exp(x)', 'e to the power of the value'),
    sign: mathsFunction('sign', 'sign(x)', '1, 0 or -1'),
    round: mathsFunction('round', 'round(x)', 'The nearest whole number, of two the higher'),
    floor: mathsFunction('floor', 'floor(x)', 'The next whole number down'),
    ceil: mathsFunction('ceil', 'ceil(x)', 'The next whole number up'),
    crossOver: crossing('crossOver(a, b)', 'Whether a went above b: below at the bar before, above now', { before: BELOW, now: ABOVE }),
    crossUnder: crossing('crossUnder(a, b)', 'Whether a went below b: above at the bar before, below now', { before: ABOVE, now: BELOW }),
    isNaN: isMissing,
    rank,
  }),
);

/** The call of an indicator: its series, then its numbers, which must not change from bar to bar and must lie within their bounds. */
export function callIndicator(tools: Lowering, definition: IndicatorDefinition, { call, args }: Arguments): NumberNode | null {
  const { series, params, outputs } = definition;
  const required = params.filter((param) => param.default === undefined).length;
  const arity = { signature: signatureOf(definition), least: series + required, most: series + params.length };
  const nodes = numbersOf(tools, { call, args }, arity);
  const output = call.output === null ? 0 : outputs.indexOf(call.output.name);
  if (output < 0) tools.complain(call.output!, `"${call.name}" has no output "${call.output!.name}": it has ${outputs.join(', ')}`);
  if (nodes === null || output < 0) return null;
  const values = params.map((_, index) => paramOf(tools, { definition, call, nodes, index }));
  if (values.includes(null)) return null;
  const columns = definition.columns.map((name) => tools.graph.number({ kind: 'column', name }));
  const inputs = [...nodes.slice(0, series), ...columns];
  return tools.graph.number({ kind: 'indicator', definition, params: values as number[], inputs, output });
}

interface ParamPlace {
  readonly definition: IndicatorDefinition;
  readonly call: Call;
  readonly nodes: readonly NumberNode[];
  readonly index: number;
}

function paramOf(tools: Lowering, { definition, call, nodes, index }: ParamPlace): number | null {
  const { name, type, min, max, default: standard } = definition.params[index]!;
  const place = definition.series + index;
  const node = nodes[place];
  if (node === undefined) return standard!;
  const title = `${name} of ${call.name}`;
  const span = call.args[place]!;
  if (node.kind !== 'constant') return tools.complain(span, `${title} must not change from bar to bar: write a number or a parameter`);
  const isFit = node.value >= min && node.value <= max && (type === 'number' || Number.isInteger(node.value));
  if (isFit) return node.value;
  const kind = type === 'integer' ? 'a whole number' : 'a number';
  return tools.complain(span, `${title} must be ${kind} from ${min} to ${max}, but is ${node.value}`);
}

/** As it is written: `macd(x, fast = 12, slow = 26, signal = 9)`. */
export function signatureOf({ name, series, params }: IndicatorDefinition): string {
  const inputs = series === 1 ? ['x'] : ['x', 'y', 'z'].slice(0, series);
  const numbers = params.map((param) => (param.default === undefined ? param.name : `${param.name} = ${param.default}`));
  return `${name}(${[...inputs, ...numbers].join(', ')})`;
}
