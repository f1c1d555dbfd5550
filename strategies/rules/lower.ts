import { INDICATORS } from '../../engine/indicators/catalog.ts';
import { nearestName } from '../../shared/nearest-name.ts';
import type { BinaryOperator, Call, Complaint, Expression, Span } from './expression.ts';
import type { Lowering, Meaning, Names } from './meaning.ts';
import { FUNCTIONS, callIndicator } from './functions.ts';
import { ABOVE, BELOW, EQUAL, not, type Condition, type Graph, type NumberNode } from './graph.ts';
import { calculate, type Maths } from './maths.ts';

/** What the types are called in messages. */
const TITLES = { number: 'a number', condition: 'a condition', text: 'a text' } as const;

const COMPARISONS: Partial<Record<BinaryOperator, number>> = {
  '>': ABOVE,
  '<': BELOW,
  '>=': ABOVE | EQUAL,
  '<=': BELOW | EQUAL,
  '==': EQUAL,
  '!=': ABOVE | BELOW,
};

export function createTools(graph: Graph, names: Names, complaints: Complaint[]): Lowering {
  const complain = ({ from, to }: Span, message: string): null => {
    complaints.push({ from, to, message });
    return null;
  };
  return {
    graph,
    names,
    complain,
    number(value, span, what) {
      if (value === null) return null;
      return value.type === 'number' ? value.node : complain(span, `${what} must be a number, but is ${TITLES[value.type]}`);
    },
    condition(value, span, what) {
      if (value === null) return null;
      if (value.type === 'condition') return value.condition;
      return complain(span, `${what} must be a condition such as close > open, but is ${TITLES[value.type]}`);
    },
    maths(operation, ...inputs) {
      const values = inputs.map((input) => (input.kind === 'constant' ? input.value : null));
      if (values.every((value) => value !== null)) return graph.number({ kind: 'constant', value: calculate(operation, values) });
      return graph.number({ kind: 'maths', operation, inputs });
    },
  };
}

/** Gives an expression its meaning in a graph. Parameters are constants in it, and what depends on constants alone is calculated at once. */
export function lower(tools: Lowering, expression: Expression): Meaning {
  switch (expression.kind) {
    case 'literal':
      return ofValue(tools, expression.value);
    case 'name':
      return lowerName(tools, expression.name, expression);
    case 'call':
      return lowerCall(tools, expression);
    case 'unary':
      return lowerUnary(tools, expression);
    case 'binary':
      return lowerBinary(tools, expression);
    case 'choice':
      return lowerChoice(tools, expression);
  }
}

const ofNode = (node: NumberNode | null): Meaning => node && { type: 'number', node };
const ofCondition = (condition: Condition | null): Meaning => condition && { type: 'condition', condition };

function ofValue({ graph }: Lowering, value: number | string | boolean): Meaning {
  if (typeof value === 'number') return ofNode(graph.number({ kind: 'constant', value }));
  if (typeof value === 'boolean') return ofCondition(graph.always(value));
  return { type: 'text', text: { kind: 'text', value } };
}

function lowerName(tools: Lowering, name: string, span: Span): Meaning {
  const { graph, names, complain } = tools;
  const named = names.find(name);
  if (named !== null) {
    if ('meaning' in named) return named.meaning;
    if ('value' in named) return ofValue(tools, named.value);
    return ofNode(graph.number('held' in named ? { kind: 'held', name: named.held } : { kind: 'column', name: named.column }));
  }
  if (INDICATORS.has(name) || FUNCTIONS.has(name)) return complain(span, `"${name}" is a function: write its arguments in brackets`);
  return complain(span, unknown(name, names.all, 'name'));
}

function lowerCall(tools: Lowering, call: Call): Meaning {
  const args = call.args.map((arg) => lower(tools, arg));
  const definition = INDICATORS.get(call.name);
  if (definition !== undefined) return ofNode(callIndicator(tools, definition, { call, args }));
  const special = FUNCTIONS.get(call.name);
  if (special === undefined)
    return tools.complain(call.nameSpan, unknown(call.name, [...INDICATORS.keys(), ...FUNCTIONS.keys()], 'function'));
  if (call.output !== null) return tools.complain(call.output, `"${call.name}" has no outputs`);
  return special.lower(tools, { call, args });
}

function lowerUnary(tools: Lowering, { operator, of }: Expression & { kind: 'unary' }): Meaning {
  const value = lower(tools, of);
  if (operator === '-') return ofNode(mapPresent([tools.number(value, of, 'what - negates')], ([node]) => tools.maths('negate', node!)));
  return ofCondition(mapPresent([tools.condition(value, of, 'what ! negates')], ([condition]) => not(condition!)));
}

function lowerBinary(tools: Lowering, { operator, left, right }: Expression & { kind: 'binary' }): Meaning {
  const [a, b] = [lower(tools, left), lower(tools, right)];
  if (operator === '&&' || operator === '||') {
    const sides = [tools.condition(a, left, `the left side of ${operator}`), tools.condition(b, right, `the right side of ${operator}`)];
    const combine = operator === '&&' ? tools.graph.and : either(tools.graph);
    return ofCondition(mapPresent(sides, ([p, q]) => combine(p!, q!)));
  }
  if (a?.type === 'text' && b?.type === 'text' && (operator === '==' || operator === '!='))
    return sameText(tools, [a, b], { operator, left });
  const sides = [tools.number(a, left, `the left side of ${operator}`), tools.number(b, right, `the right side of ${operator}`)];
  const when = COMPARISONS[operator];
  if (when !== undefined) return ofCondition(mapPresent(sides, ([x, y]) => compareNumbers(tools.graph, [x!, y!], when)));
  return ofNode(mapPresent(sides, ([x, y]) => tools.maths(operator as Maths, x!, y!)));
}

function sameText(
  { graph, complain }: Lowering,
  [a, b]: readonly (NonNullable<Meaning> & { type: 'text' })[],
  { operator, left }: { operator: '==' | '!='; left: Span },
): Meaning {
  if (a!.text.kind !== 'text' || b!.text.kind !== 'text') return complain(left, 'cannot be compared: only texts that do not change can');
  return ofCondition(graph.always((a!.text.value === b!.text.value) === (operator === '==')));
}

function compareNumbers(graph: Graph, [x, y]: [NumberNode, NumberNode], when: number): Condition {
  if (x.kind !== 'constant' || y.kind !== 'constant' || Number.isNaN(x.value - y.value)) return graph.compare(x, y, when);
  const lies = x.value > y.value ? ABOVE : x.value < y.value ? BELOW : EQUAL;
  return graph.always((when & lies) !== 0);
}

function lowerChoice(tools: Lowering, { test, yes, no }: Expression & { kind: 'choice' }): Meaning {
  const { graph, complain } = tools;
  const when = tools.condition(lower(tools, test), test, 'what stands before ?');
  const [a, b] = [lower(tools, yes), lower(tools, no)];
  if (when === null || a === null || b === null) return null;
  if (a.type !== b.type) return complain(no, `must be ${TITLES[a.type]} like the value before the colon, but is ${TITLES[b.type]}`);
  const always = graph.always(true).holds;
  if (when.holds === always) return a;
  return when.fails === always ? b : choose(graph, when, [a, b]);
}

/** The first value where the condition holds, the second where it fails; unknown where that is unknown. Both are of one type. */
function choose(graph: Graph, test: Condition, [a, b]: [NonNullable<Meaning>, NonNullable<Meaning>]): Meaning {
  if (a.type === 'number' && b.type === 'number') return ofNode(graph.number({ kind: 'select', test, inputs: [a.node, b.node] }));
  if (a.type === 'text' && b.type === 'text') return { type: 'text', text: { kind: 'choice', test, yes: a.text, no: b.text } };
  if (a.type !== 'condition' || b.type !== 'condition') return null;
  return ofCondition(either(graph)(graph.and(test, a.condition), graph.and(not(test), b.condition)));
}

/** By De Morgan's law. */
function either({ and }: Graph): (a: Condition, b: Condition) => Condition {
  return (a, b) => not(and(not(a), not(b)));
}

/** `map` of the values, or null where one of them is missing. */
function mapPresent<Value, Result>(values: readonly (Value | null)[], map: (values: readonly Value[]) => Result): Result | null {
  return values.includes(null) ? null : map(values as readonly Value[]);
}

/** Beyond this length a name is no typing error, and the search for its neighbours would take long. */
const MAX_NAME = 64;

function unknown(name: string, known: readonly string[], what: 'name' | 'function'): string {
  if (name.length > MAX_NAME) return `is no known ${what}`;
  const nearest = nearestName(name, known);
  return `"${name}" is no known ${what}${nearest === null ? '' : `; did you mean "${nearest}"?`}`;
}
