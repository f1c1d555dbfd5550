import type { IndicatorDefinition } from '../../engine/indicators/indicator.ts';
import type { Maths } from './maths.ts';

/** A number at every bar; NaN where it is not known. */
export type NumberNode = Known &
  (
    | { readonly kind: 'constant'; readonly value: number }
    | { readonly kind: 'column'; readonly name: string }
    | { readonly kind: 'held'; readonly name: keyof Held }
    | {
        readonly kind: 'indicator';
        readonly definition: IndicatorDefinition;
        readonly params: readonly number[];
        readonly inputs: readonly NumberNode[];
        readonly output: number;
      }
    | { readonly kind: 'rank'; readonly inputs: readonly NumberNode[] }
    | { readonly kind: 'maths'; readonly operation: Maths; readonly inputs: readonly NumberNode[] }
    | { readonly kind: 'select'; readonly test: Condition; readonly inputs: readonly NumberNode[] }
  );

/** What an expression can know of the position in its symbol. */
export interface Held {
  /** Mean of what is held, by units; NaN while flat. */
  readonly entryPrice: number;
  /** Bars of the run since the first entry: 0 at the close of its bar; NaN while flat. */
  readonly barsHeld: number;
  /** 1 long, -1 short, 0 flat; of an order that is to enter, its own. */
  readonly side: number;
}

/** Names of an expression that say something of the position. A user's own names come first. */
export const HELD = ['entryPrice', 'barsHeld', 'side'] as const satisfies readonly (keyof Held)[];

export function isHeld(name: string): name is keyof Held {
  return (HELD as readonly string[]).includes(name);
}

/** How two numbers may lie to each other: bits of {@link Plane} `compare`. */
export const ABOVE = 1;
export const BELOW = 2;
export const EQUAL = 4;
const ANY = 7;

/** A bit at every bar: 1 where something is certainly so. */
export type Plane = Known &
  (
    | { readonly kind: 'always' | 'never' }
    | { readonly kind: 'compare'; readonly inputs: readonly NumberNode[]; readonly when: number }
    | { readonly kind: 'missing'; readonly inputs: readonly NumberNode[] }
    | { readonly kind: 'before'; readonly planes: readonly Plane[] }
    | { readonly kind: 'and' | 'or'; readonly planes: readonly Plane[] }
  );

interface Known {
  /** Place in the graph: what a node is made of comes before it. */
  readonly id: number;
  /** What it is, the same in every graph; null where that would be too long. */
  readonly text: string | null;
  /** Whether it depends on the position. */
  readonly isOfHeld: boolean;
}

/**
 * A condition in three-valued logic: where it certainly holds, and where it certainly does not. At a bar at which neither is so it is unknown,
 * because a value is missing. Negation swaps the two. S. C. Kleene, Introduction to Metamathematics, 1952, §64.
 */
export interface Condition {
  readonly holds: Plane;
  readonly fails: Plane;
}

type Unplaced<Node> = Node extends Known ? Omit<Node, 'id' | 'text' | 'isOfHeld'> : never;

/** Longest description under which a column is shared between graphs. */
const MAX_TEXT = 1_000;

/** Makes nodes, each once: a common part of two expressions is one node, and is computed once. */
export interface Graph {
  number: (node: Unplaced<NumberNode>) => NumberNode;
  always: (truth: boolean) => Condition;
  /** Where `a` lies to `b` as `when` says; unknown where one of them is missing. */
  compare: (a: NumberNode, b: NumberNode, when: number) => Condition;
  missing: (of: NumberNode) => Condition;
  /** The condition one bar before; unknown at the first bar. */
  before: (condition: Condition) => Condition;
  and: (a: Condition, b: Condition) => Condition;
}

export function createGraph(): Graph {
  const nodes = new Map<string, NumberNode | Plane>();

  function intern<Node extends NumberNode | Plane>(node: Unplaced<Node>): Node {
    const head = headOf(node);
    const parts = partsOf(node as NumberNode | Plane);
    let key = head;
    for (const { id } of parts) key += ` ${id}`;
    const known = nodes.get(key);
    if (known !== undefined) return known as Node;
    const isOfHeld = node.kind === 'held' || parts.some((part) => part.isOfHeld);
    const placed = { ...node, id: nodes.size, text: describe(head, parts), isOfHeld } as unknown as Node;
    nodes.set(key, placed);
    return placed;
  }

  const plane = (node: Unplaced<Plane>) => intern<Plane>(node);
  const never = plane({ kind: 'never' });
  const always = plane({ kind: 'always' });
  const combine = (kind: 'and' | 'or', a: Plane, b: Plane): Plane => {
    const [absorbing, neutral] = kind === 'and' ? [never, always] : [always, never];
    if (a === absorbing || b === absorbing) return absorbing;
    if (a === neutral || a === b) return b;
    return b === neutral ? a : plane({ kind, planes: [a, b] });
  };

  return {
    number: (node) => intern<NumberNode>(node),
    always: (truth) => (truth ? { holds: always, fails: never } : { holds: never, fails: always }),
    compare: (a, b, when) => ({
      holds: plane({ kind: 'compare', inputs: [a, b], when }),
      fails: plane({ kind: 'compare', inputs: [a, b], when: ANY - when }),
    }),
    missing: (of) => ({
      holds: plane({ kind: 'missing', inputs: [of] }),
      fails: plane({ kind: 'compare', inputs: [of, of], when: EQUAL }),
    }),
    before: ({ holds, fails }) => ({
      holds: plane({ kind: 'before', planes: [holds] }),
      fails: plane({ kind: 'before', planes: [fails] }),
    }),
    and: (a, b) => ({ holds: combine('and', a.holds, b.holds), fails: combine('or', a.fails, b.fails) }),
  };
}

export function not({ holds, fails }: Condition): Condition {
  return { holds: fails, fails: holds };
}

const PLANES: ReadonlySet<string> = new Set<Plane['kind']>(['always', 'never', 'missing', 'compare', 'before', 'and', 'or']);

export function isPlane(node: NumberNode | Plane): node is Plane {
  return PLANES.has(node.kind);
}

/** The nodes that a node is made of directly. */
export function partsOf(node: NumberNode | Plane): readonly (NumberNode | Plane)[] {
  if ('planes' in node) return node.planes;
  if (!('inputs' in node)) return [];
  return node.kind === 'select' ? [node.test.holds, node.test.fails, ...node.inputs] : node.inputs;
}

function describe(head: string, parts: readonly (NumberNode | Plane)[]): string | null {
  if (parts.some(({ text }) => text === null)) return null;
  const text = `${head}(${parts.map((part) => part.text).join(' ')})`;
  return text.length > MAX_TEXT ? null : text;
}

/** Colons keep the name of a column apart from every other word. */
function headOf(node: Unplaced<NumberNode> | Unplaced<Plane>): string {
  if (node.kind === 'constant') return `=${Object.is(node.value, -0) ? '-0' : node.value}`;
  if (node.kind === 'column') return `:${node.name}`;
  if (node.kind === 'held') return `held:${node.name}`;
  if (node.kind === 'indicator') return `${node.definition.name}:${node.params.join(':')}:${node.output}`;
  if (node.kind === 'maths') return node.operation;
  return node.kind === 'compare' ? `compare:${node.when}` : node.kind;
}
