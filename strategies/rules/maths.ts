/** A run of numbers: element 0 is at `at`. */
export interface Operand {
  array: Float64Array;
  at: number;
  /** Whether the numbers never change. */
  isFixed?: boolean;
}

type Loop = (out: Float64Array, count: number, a: Operand, b: Operand) => void;

/** An operation on numbers: how many it takes, and its loop over two columns (of a unary one the second is not read). */
interface Operation {
  readonly operands: 1 | 2;
  readonly run: Loop;
}

/** What is not finite is missing, so that no division by zero, overflow or logarithm of zero is ever traded on. */
function known(value: number): number {
  return value - value === 0 ? value : NaN;
}

// Each loop is written out: one that called a function for its operation would run at a fifth of the speed.
export const MATHS = {
  '+': {
    operands: 2,
    run(out, count, { array: a, at: i }, { array: b, at: j }) {
      for (let k = 0; k < count; k++) out[k] = known(a[i + k]! + b[j + k]!);
    },
  },
  '-': {
    operands: 2,
    run(out, count, { array: a, at: i }, { array: b, at: j }) {
      for (let k = 0; k < count; k++) out[k] = known(a[i + k]! - b[j + k]!);
    },
  },
  '*': {
    operands: 2,
    run(out, count, { array: a, at: i }, { array: b, at: j }) {
      for (let k = 0; k < count; k++) out[k] = known(a[i + k]! * b[j + k]!);
    },
  },
  '/': {
    operands: 2,
    run(out, count, { array: a, at: i }, { array: b, at: j }) {
      for (let k = 0; k < count; k++) out[k] = known(a[i + k]! / b[j + k]!);
    },
  },
  '%': {
    operands: 2,
    run(out, count, { array: a, at: i }, { array: b, at: j }) {
      for (let k = 0; k < count; k++) out[k] = known(a[i + k]! % b[j + k]!);
    },
  },
  min: {
    operands: 2,
    run(out, count, { array: a, at: i }, { array: b, at: j }) {
      for (let k = 0; k < count; k++) out[k] = Math.min(a[i + k]!, b[j + k]!);
    },
  },
  max: {
    operands: 2,
    run(out, count, { array: a, at: i }, { array: b, at: j }) {
      for (let k = 0; k < count; k++) out[k] = Math.max(a[i + k]!, b[j + k]!);
    },
  },
  coalesce: {
    operands: 2,
    run(out, count, { array: a, at: i }, { array: b, at: j }) {
      for (let k = 0; k < count; k++) out[k] = Number.isNaN(a[i + k]!) ? b[j + k]! : a[i + k]!;
    },
  },
  negate: {
    operands: 1,
    run(out, count, { array: a, at: i }) {
      for (let k = 0; k < count; k++) out[k] = -a[i + k]!;
    },
  },
  abs: {
    operands: 1,
    run(out, count, { array: a, at: i }) {
      for (let k = 0; k < count; k++) out[k] = Math.abs(a[i + k]!);
    },
  },
  sqrt: {
    operands: 1,
    run(out, count, { array: a, at: i }) {
      for (let k = 0; k < count; k++) out[k] = Math.sqrt(a[i + k]!);
    },
  },
  log: {
    operands: 1,
    run(out, count, { array: a, at: i }) {
      for (let k = 0; k < count; k++) out[k] = known(Math.log(a[i + k]!));
    },
  },
  exp: {
    operands: 1,
    run(out, count, { array: a, at: i }) {
      for (let k = 0; k < count; k++) out[k] = known(Math.exp(a[i + k]!));
    },
  },
  sign: {
    operands: 1,
    run(out, count, { array: a, at: i }) {
      for (let k = 0; k < count; k++) out[k] = Math.sign(a[i + k]!);
    },
  },
  round: {
    operands: 1,
    run(out, count, { array: a, at: i }) {
      for (let k = 0; k < count; k++) out[k] = Math.round(a[i + k]!);
    },
  },
  floor: {
    operands: 1,
    run(out, count, { array: a, at: i }) {
      for (let k = 0; k < count; k++) out[k] = Math.floor(a[i + k]!);
    },
  },
  ceil: {
    operands: 1,
    run(out, count, { array: a, at: i }) {
      for (let k = 0; k < count; k++) out[k] = Math.ceil(a[i + k]!);
    },
  },
} as const satisfies Record<string, Operation>;

export type Maths = keyof typeof MATHS;

/** The operation on single numbers, by the same loop as on columns. */
export function calculate(operation: Maths, values: readonly number[]): number {
  const [a, b] = [0, 1].map((index) => ({ array: Float64Array.of(values[index] ?? NaN), at: 0 }));
  const out = new Float64Array(1);
  MATHS[operation].run(out, 1, a!, b!);
  return out[0]!;
}
