import type {
  BinaryExpression,
  CallExpression,
  CoreExpression,
  Expression as Tree,
  Identifier,
  MemberExpression,
  UnaryExpression,
} from 'jsep';
import { MAX_EXPRESSION } from '../../shared/rules.ts';
import type { BinaryOperator, Call, Complaint, Expression, Span } from './expression.ts';
import { parseSpanned } from './spanned-parser.ts';

/** Parts of one expression. */
const MAX_NODES = 1_000;

const BINARY: ReadonlySet<string> = new Set<BinaryOperator>(['+', '-', '*', '/', '%', '<', '<=', '>', '>=', '==', '!=', '&&', '||']);

/** What to write instead of an operator of JavaScript that is none here. */
const INSTEAD: Readonly<Record<string, string>> = {
  '===': '==',
  '!==': '!=',
  '&': '&&',
  '|': '||',
  '??': 'coalesce(a, b)',
  '**': 'a product, or exp(b * log(a))',
};

/** The expression in a text, or what is wrong with it. Only what the language has is let through: nothing is ever run as code. */
export function parseExpression(text: string): { expression: Expression | null; complaints: Complaint[] } {
  const all = { from: 0, to: text.length };
  if (text.length > MAX_EXPRESSION) {
    return refuse({ ...all, message: `is longer than ${MAX_EXPRESSION} characters; put parts of it into "let"` });
  }
  if (text.trim() === '') return refuse({ ...all, message: 'is empty' });
  const complaints: Complaint[] = [];
  try {
    const { tree, spans } = parseSpanned(text);
    const expression = read({ spans, complaints, all, nodes: 0 }, tree);
    return complaints.length > 0 ? { expression: null, complaints } : { expression, complaints };
  } catch (error) {
    if (!isSyntaxFault(error)) throw error;
    const from = Math.min(error.index, text.length);
    return refuse({ from, to: Math.min(from + 1, text.length), message: `cannot be read: ${error.description}` });
  }
}

function refuse(complaint: Complaint) {
  return { expression: null, complaints: [complaint] };
}

function isSyntaxFault(error: unknown): error is { index: number; description: string } {
  return error instanceof Error && 'index' in error && 'description' in error;
}

/** Where the library's nodes stand, and what was complained of. */
interface Reading {
  readonly spans: WeakMap<object, Span>;
  readonly complaints: Complaint[];
  /** The whole text. */
  readonly all: Span;
  nodes: number;
}

const PLACEHOLDER: Expression = { kind: 'literal', value: 0, from: 0, to: 0 };

function refuseAt({ complaints }: Reading, { from, to }: Span, message: string): Expression {
  complaints.push({ from, to, message });
  return PLACEHOLDER;
}

/** Where a node stands: what the parser did not note is made of parts that it did. */
function spanOf(reading: Reading, tree: Tree): Span {
  const known = reading.spans.get(tree);
  if (known) return known;
  const span = outerSpan(reading, tree as CoreExpression);
  reading.spans.set(tree, span);
  return span;
}

function outerSpan(reading: Reading, node: CoreExpression): Span {
  if (node.type === 'CallExpression') return { from: spanOf(reading, node.callee).from, to: reading.spans.get(node.arguments)?.to ?? 0 };
  if (node.type === 'BinaryExpression') return { from: spanOf(reading, node.left).from, to: spanOf(reading, node.right).to };
  if (node.type !== 'MemberExpression') return reading.all;
  return { from: spanOf(reading, node.object).from, to: spanOf(reading, node.property).to + (node.computed ? 1 : 0) };
}

/** Turns the library's tree into an {@link Expression}, and complains of everything that is no part of the language. */
function read(reading: Reading, tree: Tree): Expression {
  const span = spanOf(reading, tree);
  reading.nodes++;
  if (reading.nodes === MAX_NODES + 1)
    return refuseAt(reading, reading.all, `has more than ${MAX_NODES} parts; put parts of it into "let"`);
  if (reading.nodes > MAX_NODES) return PLACEHOLDER;
  const node = tree as CoreExpression;
  if (node.type === 'Literal') return readLiteral(reading, node.value, span);
  if (node.type === 'Identifier') return { kind: 'name', name: node.name, ...span };
  if (node.type === 'UnaryExpression') return readUnary(reading, node, span);
  if (node.type === 'BinaryExpression') return readBinary(reading, node, span);
  if (node.type === 'CallExpression') return readCall(reading, node, { output: null, span });
  if (node.type === 'MemberExpression') return node.computed ? readPast(reading, node, span) : readOutput(reading, node, span);
  if (node.type !== 'ConditionalExpression') {
    return refuseAt(reading, span, 'is not one expression: write one, without commas, semicolons, lists or "this"');
  }
  return {
    kind: 'choice',
    test: read(reading, node.test),
    yes: read(reading, node.consequent),
    no: read(reading, node.alternate),
    ...span,
  };
}

function readLiteral(reading: Reading, value: unknown, span: Span): Expression {
  if (typeof value === 'number' && !Number.isFinite(value)) return refuseAt(reading, span, 'is too large a number');
  if (typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean') return { kind: 'literal', value, ...span };
  return refuseAt(reading, span, 'is no value here: write a number, true, false or a text');
}

function readUnary(reading: Reading, { operator, argument }: UnaryExpression, span: Span): Expression {
  if (operator === '+') return read(reading, argument);
  if (operator !== '-' && operator !== '!') return refuseAt(reading, span, unknownOperator(operator));
  return { kind: 'unary', operator, of: read(reading, argument), ...span };
}

function readBinary(reading: Reading, { operator, left, right }: BinaryExpression, span: Span): Expression {
  if (!BINARY.has(operator)) return refuseAt(reading, span, unknownOperator(operator));
  return { kind: 'binary', operator: operator as BinaryOperator, left: read(reading, left), right: read(reading, right), ...span };
}

function readCall(reading: Reading, node: CallExpression, { output, span }: { output: Call['output']; span: Span }): Expression {
  const { callee } = node;
  const nameSpan = spanOf(reading, callee);
  if (callee.type !== 'Identifier') return refuseAt(reading, nameSpan, 'cannot be called: only the functions of the language can');
  const args = node.arguments.map((arg) => read(reading, arg));
  return { kind: 'call', name: (callee as Identifier).name, nameSpan, args, output, ...span };
}

/** `close[1]`: the value one bar before. */
function readPast(reading: Reading, { object, property }: MemberExpression, span: Span): Expression {
  return { kind: 'call', name: 'lag', nameSpan: span, args: [read(reading, object), read(reading, property)], output: null, ...span };
}

function readOutput(reading: Reading, { object, property, optional }: MemberExpression, span: Span): Expression {
  const place = spanOf(reading, property);
  if (object.type !== 'CallExpression' || optional === true) {
    return refuseAt(reading, place, 'is a member of nothing: only an indicator has outputs, as in macd(close).signal');
  }
  return readCall(reading, object as CallExpression, { output: { name: (property as Identifier).name, ...place }, span });
}

function unknownOperator(operator: string): string {
  const instead = INSTEAD[operator];
  return `uses "${operator}", which the language does not have${instead === undefined ? '' : `; write ${instead}`}`;
}
