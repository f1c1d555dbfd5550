import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { INDICATORS } from './catalog.ts';
import { computeIndicator } from './compute.ts';
import { type IndicatorDefinition, type IndicatorParam, isMissing } from './indicator.ts';

/** Steps of a price, in cents, so that equal values, flat stretches and returns to a value are common. */
const steps = fc.array(
  fc.record({
    move: fc.oneof(fc.constant(0), fc.integer({ min: -200, max: 200 })),
    up: fc.nat({ max: 50 }),
    down: fc.nat({ max: 50 }),
    volume: fc.oneof(fc.constant(0), fc.nat({ max: 10_000 })),
    missing: fc.oneof({ arbitrary: fc.constant(-1), weight: 60 }, { arbitrary: fc.nat({ max: 24 }), weight: 1 }),
  }),
  { minLength: 1, maxLength: 160, size: 'max' },
);
const bars = fc.record({ steps, start: fc.constantFrom<number>(-100, 0, 10_000) }).map(({ steps: path, start }) => {
  const columns = { open: [], high: [], low: [], close: [], volume: [] } as Record<string, number[]>;
  let last = start;
  for (const { move, up, down, volume, missing } of path) {
    const close = last + move;
    const row = [last, Math.max(last, close) + up, Math.min(last, close) - down, close, volume].map((value) => value / 100);
    const hole = [NaN, Infinity, -Infinity, 1e200, -0][Math.floor(missing / 5)]!;
    Object.values(columns).forEach((column, k) => column.push(k === missing % 5 ? hole : row[k]!));
    last = close;
  }
  return Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, Float64Array.from(values)]));
});

function valueOf(param: IndicatorParam, share: number): number {
  const max = Math.min(param.max, param.type === 'integer' ? param.min + 12 : 3);
  const value = param.min + share * (max - param.min);
  return param.type === 'integer' ? Math.round(value) : value;
}

function inputsOf({ series, columns }: IndicatorDefinition, data: Record<string, Float64Array>): Float64Array[] {
  return [...['close', 'open'].slice(0, series), ...columns].map((name) => data[name]!);
}

interface Case {
  inputs: Float64Array[];
  params: number[];
}

const cases = (definition: IndicatorDefinition): fc.Arbitrary<Case> =>
  fc.record({
    inputs: bars.map((data) => inputsOf(definition, data)),
    params: fc
      .array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: definition.params.length, maxLength: definition.params.length })
      .map((shares) => shares.map((share, k) => valueOf(definition.params[k]!, share))),
  });

/** Whole columns, from copies of the inputs: a shared result would prove nothing. */
const compute = (definition: IndicatorDefinition, inputs: Float64Array[], params: number[]) =>
  computeIndicator(
    definition,
    inputs.map((input) => input.slice()),
    params,
  );

const bits = (column: Float64Array) => new BigUint64Array(column.buffer, column.byteOffset, column.length);

/** The same with a state written as JSON at each cut, and no more bars at hand than `lookback` asks for. */
function computeInPieces(definition: IndicatorDefinition, { inputs, params }: Case, cuts: readonly number[]): Float64Array[] {
  const { length } = inputs[0]!;
  const edges = [0, ...cuts.filter((cut) => cut < length).toSorted((a, b) => a - b), length];
  const columns = definition.outputs.map(() => new Float64Array(length));
  let state = definition.start(params);
  edges.slice(1).forEach((to, k) => {
    const first = Math.max(0, edges[k]! - definition.lookback(params));
    const from = edges[k]! - first;
    const outputs = columns.map((column) => column.subarray(edges[k]!, to));
    definition.run(state, { inputs: inputs.map((input) => input.slice(first, to)), from, to: to - first, outputs });
    state = JSON.parse(JSON.stringify(state)) as typeof state;
  });
  return columns;
}

describe.each([...INDICATORS.values()])('$name', (definition) => {
  it('gives the same bytes in pieces, with its state written as JSON and no more bars at hand than it asks for', () => {
    fc.assert(
      fc.property(cases(definition), fc.array(fc.nat({ max: 160 })), ({ inputs, params }, cuts) => {
        const columns = computeInPieces(definition, { inputs, params }, cuts);
        expect(columns.map(bits)).toEqual(compute(definition, inputs, params).map(bits));
      }),
    );
  });

  it('gives the same bytes in pieces where all is -0, which JSON does not know', () => {
    const zeros = new Float64Array(40).fill(-0);
    const inputs = Array.from({ length: definition.series + definition.columns.length }, () => zeros);
    const params = definition.params.map((param) => valueOf(param, 0.2));
    const columns = computeInPieces(definition, { inputs, params }, [...zeros.keys()]);
    expect(columns.map(bits)).toEqual(compute(definition, inputs, params).map(bits));
  });

  it('does not change when later bars do', () => {
    fc.assert(
      fc.property(cases(definition), fc.nat({ max: 160 }), ({ inputs, params }, end) => {
        const short = compute(
          definition,
          inputs.map((input) => input.slice(0, end)),
          params,
        );
        expect(short).toEqual(compute(definition, inputs, params).map((column) => column.slice(0, end)));
      }),
    );
  });

  it('has finite values or NaN, NaN where an input is missing, and starts anew after that', () => {
    fc.assert(
      fc.property(cases(definition), ({ inputs, params }) => {
        const columns = compute(definition, inputs, params);
        for (const column of columns) expect(column.every((value) => Number.isFinite(value) || Number.isNaN(value))).toBe(true);
        // One bit pattern of the many that are NaN: hashes of columns must agree between machines.
        for (const column of columns) expect(bits(column)).toEqual(bits(column.map((value) => (Number.isNaN(value) ? NaN : value))));
        if (definition.name === 'lag') return;
        const missing = inputs[0]!.findLastIndex((_, i) => inputs.some((input) => isMissing(input[i]!)));
        if (missing === -1) return;
        for (const column of columns) expect(column[missing]).toBeNaN();
        const after = compute(
          definition,
          inputs.map((input) => input.slice(missing + 1)),
          params,
        );
        expect(columns.map((column) => column.slice(missing + 1))).toEqual(after);
      }),
    );
  });

  it('has defaults within its bounds, and none before a parameter without', () => {
    for (const { min, max, type, default: value } of definition.params) {
      expect(min).toBeLessThanOrEqual(max);
      if (value === undefined) continue;
      expect(value >= min && value <= max && (type === 'number' || Number.isInteger(value))).toBe(true);
    }
    const given = definition.params.map((param) => param.default !== undefined);
    expect(given).toEqual(given.toSorted((a, b) => Number(a) - Number(b)));
  });
});
