import type { Fault } from '../../shared/errors.ts';
import { unknownName } from '../check-params.ts';
import type { BinaryOperator, Expression } from '../rules/expression.ts';
import { parseExpression } from '../rules/parse.ts';

type Value = number | string | boolean;
type Values = Readonly<Record<string, Value>>;
type Compiled = (values: Values) => Value;

/** An expression over named values, such as parameters or metrics: in the syntax of the rules, without their columns and indicators. */
export interface Formula {
  /** The names that it uses. */
  readonly names: readonly string[];
  /** Its value; a value that is missing or undefined is NaN, and compares with nothing. */
  readonly of: Compiled;
}

const FUNCTIONS: Readonly<Record<string, (...args: number[]) => number>> = {
  abs: Math.abs,
  ceil: Math.ceil,
  exp: Math.exp,
  floor: Math.floor,
  log: Math.log,
  max: Math.max,
  min: Math.min,
  round: Math.round,
  sign: Math.sign,
  sqrt: Math.sqrt,
};

const same = (a: Value, b: Value): boolean => a === b;
const OPERATORS: Readonly<Record<BinaryOperator, (a: never, b: never) => Value>> = {
  '+': (a: number, b: number) => a + b,
  '-': (a: number, b: number) => a - b,
  '*': (a: number, b: number) => a * b,
  '/': (a: number, b: number) => a / b,
  '%': (a: number, b: number) => a % b,
  '<': (a: number, b: number) => a < b,
  '<=': (a: number, b: number) => a <= b,
  '>': (a: number, b: number) => a > b,
  '>=': (a: number, b: number) => a >= b,
  '==': same,
  '!=': (a: Value, b: Value) => !same(a, b),
  '&&': (a: boolean, b: boolean) => a && b,
  '||': (a: boolean, b: boolean) => a || b,
};

/** Reads a formula; every fault at once, with `path`. `known` are the names that it may use. */
export function readFormula(text: string, known: readonly string[], path: string): { formula: Formula | null; faults: Fault[] } {
  const { expression, complaints } = parseExpression(text);
  const faults: Fault[] = complaints.map((complaint) => ({ path, ...complaint }));
  const names = new Set<string>();
  const complain = ({ from, to }: Expression, message: string): Compiled => {
    faults.push({ path, message, from, to });
    return () => NaN;
  };
  const of = expression && compile(expression, { known, names, complain });
  return { formula: faults.length > 0 || of === null ? null : { names: [...names], of }, faults };
}

interface Compiling {
  known: readonly string[];
  names: Set<string>;
  complain: (where: Expression, message: string) => Compiled;
}

function compile(expression: Expression, compiling: Compiling): Compiled {
  const { known, names, complain } = compiling;
  const part = (each: Expression): Compiled => compile(each, compiling);
  switch (expression.kind) {
    case 'literal': {
      const { value } = expression;
      return () => value;
    }
    case 'name': {
      const { name } = expression;
      if (!known.includes(name)) return complain(expression, unknownName(name, known));
      names.add(name);
      return (values) => values[name] ?? NaN;
    }
    case 'unary': {
      const inner = part(expression.of);
      return expression.operator === '-' ? (values) => -(inner(values) as number) : (values) => !inner(values);
    }
    case 'binary': {
      const operate = OPERATORS[expression.operator] as (a: Value, b: Value) => Value;
      const [left, right] = [part(expression.left), part(expression.right)];
      return (values) => operate(left(values), right(values));
    }
    case 'choice': {
      const [test, yes, no] = [part(expression.test), part(expression.yes), part(expression.no)];
      return (values) => (test(values) === true ? yes(values) : no(values));
    }
    case 'call': {
      const { name, output, args } = expression;
      const call = Object.hasOwn(FUNCTIONS, name) && output === null ? FUNCTIONS[name] : undefined;
      if (call === undefined) return complain(expression, unknownName(name, Object.keys(FUNCTIONS)));
      const parts = args.map(part);
      return (values) => call(...parts.map((each) => each(values) as number));
    }
  }
}
