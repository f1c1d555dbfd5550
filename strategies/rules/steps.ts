import { compare, type Comparison } from './compare.ts';
import { ABOVE, BELOW, EQUAL, isPlane, type NumberNode, type Plane } from './graph.ts';
import { MATHS, type Operand } from './maths.ts';

/** What it takes to compute nodes block by block: scratch memory, and one step for each node. */
export interface Steps {
  readonly steps: (() => void)[];
  /** Columns of the whole run: they start at another place in every block. */
  readonly moving: Operand[];
  readonly numbers: Map<NumberNode, Operand>;
  readonly planes: Map<Plane, Int32Array>;
  /** How many bars the steps compute. */
  readonly now: { count: number };
}

interface Build extends Steps {
  readonly columns: ReadonlyMap<NumberNode, Float64Array>;
  /** Length of a plane; 32 times as many numbers. */
  readonly words: number;
  readonly newPlane: () => Int32Array;
  readonly comparisons: Map<string, Comparison>;
}

/** The steps for nodes that stand in an order in which each comes after its parts. */
export function createSteps(
  nodes: readonly (NumberNode | Plane)[],
  { columns, words, newPlane }: Pick<Build, 'columns' | 'words' | 'newPlane'>,
): Steps {
  const build: Build = {
    steps: [],
    moving: [],
    numbers: new Map(),
    planes: new Map(),
    now: { count: 0 },
    columns,
    words,
    newPlane,
    comparisons: new Map(),
  };
  for (const node of nodes) {
    if (isPlane(node)) build.planes.set(node, addPlane(build, node));
    else build.numbers.set(node, addNumber(build, node));
  }
  return build;
}

function addNumber(build: Build, node: NumberNode): Operand {
  const column = build.columns.get(node);
  if (column !== undefined) {
    const whole = { array: column, at: 0, isFixed: true };
    build.moving.push(whole);
    return whole;
  }
  const { steps, numbers, planes, now } = build;
  const array = new Float64Array(build.words * 32);
  if (node.kind === 'constant') array.fill(node.value);
  else if (node.kind === 'held') array.fill(NaN); // no column knows what is held
  else if (node.kind === 'maths') {
    const [a, b = a] = node.inputs.map((input) => numbers.get(input)!) as [Operand, Operand?];
    const operation = MATHS[node.operation];
    steps.push(() => operation.run(array, now.count, a, b));
  } else if (node.kind === 'select') {
    const [yes, no] = node.inputs.map((input) => numbers.get(input)!) as [Operand, Operand];
    const test = { holds: planes.get(node.test.holds)!, fails: planes.get(node.test.fails)! };
    steps.push(() => select(array, now.count, test, { yes, no }));
  }
  return { array, at: 0, isFixed: node.kind === 'constant' };
}

/** One comparison serves all conditions on the same two numbers. */
function comparisonOf({ comparisons, numbers, newPlane, steps, now }: Build, [a, b]: readonly NumberNode[]): Comparison {
  const key = `${a!.id} ${b!.id}`;
  const known = comparisons.get(key);
  if (known !== undefined) return known;
  const result = { above: newPlane(), below: newPlane(), equal: newPlane() };
  const [x, y] = [numbers.get(a!)!, numbers.get(b!)!];
  steps.push(() => compare(x, y, now.count, result));
  comparisons.set(key, result);
  return result;
}

function addPlane(build: Build, plane: Plane): Int32Array {
  const { steps, planes, words } = build;
  if (plane.kind === 'always') return new Int32Array(words).fill(-1);
  if (plane.kind === 'never') return new Int32Array(words);
  if (plane.kind === 'compare') return addCompare(build, plane);
  const out = build.newPlane();
  switch (plane.kind) {
    case 'missing': {
      const { equal } = comparisonOf(build, [plane.inputs[0]!, plane.inputs[0]!]);
      steps.push(() => invert(equal, out));
      return out;
    }
    case 'before': {
      const of = planes.get(plane.planes[0]!)!;
      steps.push(() => shift(of, out));
      return out;
    }
    case 'and':
    case 'or': {
      const [a, b] = plane.planes.map((each) => planes.get(each)!) as [Int32Array, Int32Array];
      steps.push(plane.kind === 'and' ? () => both(a, b, out) : () => either(a, b, out));
      return out;
    }
  }
}

function addCompare(build: Build, { inputs, when }: Plane & { kind: 'compare' }): Int32Array {
  const { above, below, equal } = comparisonOf(build, inputs);
  const cases = [(when & ABOVE) !== 0 ? [above] : [], (when & BELOW) !== 0 ? [below] : [], (when & EQUAL) !== 0 ? [equal] : []];
  const [first, second] = cases.flat() as [Int32Array, Int32Array?];
  if (second === undefined) return first;
  const out = build.newPlane();
  build.steps.push(() => either(first, second, out));
  return out;
}

function select(
  out: Float64Array,
  count: number,
  { holds, fails }: { holds: Int32Array; fails: Int32Array },
  { yes, no }: { yes: Operand; no: Operand },
): void {
  for (let k = 0; k < count; k++) {
    const bit = 1 << (k & 31);
    out[k] = (holds[k >>> 5]! & bit) !== 0 ? yes.array[yes.at + k]! : (fails[k >>> 5]! & bit) !== 0 ? no.array[no.at + k]! : NaN;
  }
}

function both(a: Int32Array, b: Int32Array, out: Int32Array): void {
  for (let w = 0; w < out.length; w++) out[w] = a[w]! & b[w]!;
}

function either(a: Int32Array, b: Int32Array, out: Int32Array): void {
  for (let w = 0; w < out.length; w++) out[w] = a[w]! | b[w]!;
}

function invert(a: Int32Array, out: Int32Array): void {
  for (let w = 0; w < out.length; w++) out[w] = ~a[w]!;
}

/** Each bar gets the bit of the bar before it. */
function shift(a: Int32Array, out: Int32Array): void {
  let carry = 0;
  for (let w = 0; w < out.length; w++) {
    out[w] = (a[w]! << 1) | carry;
    carry = a[w]! >>> 31;
  }
}
