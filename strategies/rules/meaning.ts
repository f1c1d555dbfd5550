import type { Span } from './expression.ts';
import type { Condition, Graph, Held, NumberNode } from './graph.ts';
import type { Maths } from './maths.ts';

/** A text that depends on conditions. */
export type Text =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'choice'; readonly test: Condition; readonly yes: Text; readonly no: Text };

/** What an expression means, looked up and typed; null where it was complained of. */
export type Meaning =
  | { readonly type: 'number'; readonly node: NumberNode }
  | { readonly type: 'condition'; readonly condition: Condition }
  | { readonly type: 'text'; readonly text: Text }
  | null;

/** What a name stands for: something with a meaning, the value of a parameter, a column of the data, or something of the position. */
type Named =
  | { readonly meaning: Meaning }
  | { readonly value: number | string | boolean }
  | { readonly column: string }
  | { readonly held: keyof Held };

/** The names that an expression may use. */
export interface Names {
  /** For suggestions. */
  readonly all: readonly string[];
  /** Null for a name that nothing has. */
  find(name: string): Named | null;
}

/** What it takes to give an expression its meaning. */
export interface Lowering {
  readonly graph: Graph;
  readonly names: Names;
  /** Notes a fault; the null stands for what could not be. */
  complain: (span: Span, message: string) => null;
  /** The value, which must be of this type; else a complaint of `what`. */
  number: (value: Meaning, span: Span, what: string) => NumberNode | null;
  condition: (value: Meaning, span: Span, what: string) => Condition | null;
  /** The operation, or its result where all inputs are constants. */
  maths: (operation: Maths, ...inputs: NumberNode[]) => NumberNode;
}
