import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Dimension } from '../../shared/sweep-spec.ts';
import { axesOf } from './axis.ts';
import { neighbourhoods } from './neighbourhood.ts';
import { paramsAt, type Points } from './points.ts';
import { createSequence, type SequenceOptions } from './sequence.ts';
import { TPE_BLOCK, TPE_LAG, tpeBlock } from './tpe.ts';

const range = (min: number, max: number, step?: number, log = false): Dimension => ({ min, max, log, ...(step !== undefined && { step }) });
const anyone = (): boolean => true;

const rowsOf = ({ count, columns }: Points): number[][] => Array.from({ length: count }, (_, row) => columns.map((column) => column[row]!));

const dimensions = fc.oneof(
  fc.uniqueArray(fc.integer({ min: 1, max: 50 }), { minLength: 1, maxLength: 6 }).map((values): Dimension => ({ values })),
  fc.constantFrom<Dimension>({ values: ['long', 'short', 'both'] }, range(1, 9, 2), range(0, 1), range(1, 1000, 1, true), range(5, 5)),
);
const spaces = fc.dictionary(fc.constantFrom('a', 'b', 'c'), dimensions, { minKeys: 1, maxKeys: 3 });
const searches = fc.record({
  space: spaces,
  order: fc.constantFrom('grid' as const, 'random' as const),
  seed: fc.nat(),
  limit: fc.nat({ max: 60 }),
});

const optionsOf = ({ space, order, seed, limit }: typeof searches extends fc.Arbitrary<infer Value> ? Value : never): SequenceOptions => {
  const isEndless = Object.values(space).some((each) => 'min' in each && each.step === undefined && each.min !== each.max);
  const admits: SequenceOptions['admits'] = ({ a = 0 }) => typeof a === 'string' || a <= limit;
  return { axes: axesOf(space), order: isEndless ? 'random' : order, seed, admits };
};

describe('the points of a search', () => {
  it('are distinct, admitted, and the same whether some or all are asked for, in pieces or at once', () => {
    fc.assert(
      fc.property(searches, fc.nat({ max: 80 }), fc.nat({ max: 80 }), (search, first, more) => {
        const options = optionsOf(search);
        const atOnce = rowsOf(createSequence(options).points(0, first + more));
        const sequence = createSequence(options);
        const inPieces = [...rowsOf(sequence.points(0, first)), ...rowsOf(sequence.points(first, first + more))];
        expect(inPieces).toEqual(atOnce);
        expect(new Set(atOnce.map(String)).size).toBe(atOnce.length);
        const { count, columns } = createSequence(options).points(0, first + more);
        for (let row = 0; row < count; row++) expect(options.admits(paramsAt(options.axes, { count, columns }, row))).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('are those of the grid with the last name changing first, in words and steps as they were written', () => {
    const axes = axesOf({ side: { values: ['long', 'short'] }, size: range(0.1, 0.3, 0.1) });
    const points = createSequence({ axes, order: 'grid', seed: 1, admits: anyone }).points(0, 99);
    expect(Array.from({ length: points.count }, (_, row) => paramsAt(axes, points, row))).toEqual([
      { side: 'long', size: 0.1 },
      { side: 'long', size: 0.2 },
      { side: 'long', size: 0.3 },
      { side: 'short', size: 0.1 },
      { side: 'short', size: 0.2 },
      { side: 'short', size: 0.3 },
    ]);
  });

  it('at random are all of a space that can be counted, and as even on a logarithmic scale', () => {
    const axes = axesOf({ a: range(1, 100, 1), b: { values: [1, 2, 3] } });
    const sequence = createSequence({ axes, order: 'random', seed: 5, admits: anyone });
    expect(sequence.points(0, 1_000).count).toBe(300);
    expect(sequence.ended).toBe(true);
    const logs = createSequence({ axes: axesOf({ a: range(1, 10_000, undefined, true) }), order: 'random', seed: 5, admits: anyone });
    const below = [...logs.points(0, 4_000).columns[0]!].filter((value) => value < 100).length;
    expect(below / 4_000).toBeCloseTo(0.5, 1);
  });

  it('end where nothing new is found in a space that is too large to be counted', () => {
    const axes = axesOf({ a: range(1, 10_000_000, 1) });
    const sequence = createSequence({ axes, order: 'random', seed: 5, admits: ({ a }) => (a as number) > 10_000_000 });
    expect(sequence.points(0, 1).count).toBe(0);
    expect(sequence.ended).toBe(true);
  });
});

describe('a search by TPE', () => {
  const axes = axesOf({ x: range(-5, 5), y: range(0.01, 100, undefined, true), side: { values: ['a', 'b', 'c'] } });
  /** Best at x = 2, y = 1, side b: there it is 0. */
  const scoreAt = ([side, x, y]: number[]): number => -((x! - 2) * (x! - 2)) - Math.log(y!) * Math.log(y!) - (side === 1 ? 0 : 2);

  function search(trials: number, pieces: readonly number[]): number[][] {
    const found: number[][] = [];
    const options = { axes, admits: anyone, seed: 11 };
    for (const until of [...pieces, trials]) {
      const random = createSequence({ ...options, order: 'random' });
      for (let start = found.length; start < until; start += TPE_BLOCK) {
        const known = found.slice(0, Math.max(0, start - TPE_LAG));
        const points = { count: known.length, columns: axes.map((_, k) => Float64Array.from(known, (row) => row[k]!)) };
        found.push(...rowsOf(tpeBlock({ ...options, random }, start, { points, scores: Float64Array.from(known, scoreAt) })));
      }
    }
    return found;
  }

  it('tries the same trials in one go and after an extension', () => {
    expect(search(320, [160, 240])).toEqual(search(320, []));
  });

  it('comes nearer to the best point than as many at random', () => {
    const random = rowsOf(createSequence({ axes, order: 'random', seed: 11, admits: anyone }).points(0, 320));
    const meanOf = (rows: number[][]): number => rows.slice(-100).reduce((sum, row) => sum + scoreAt(row), 0) / 100;
    const tried = search(320, []);
    expect(meanOf(tried)).toBeGreaterThan(meanOf(random) / 3);
    expect(Math.max(...tried.map(scoreAt))).toBeGreaterThan(Math.max(...random.map(scoreAt)));
  });

  it('follows nothing that it has not seen, and never tries the same twice', () => {
    const few = { points: { count: 5, columns: axes.map(() => new Float64Array(5)) }, scores: new Float64Array(5) };
    const random = createSequence({ axes, order: 'random', seed: 3, admits: anyone });
    expect(rowsOf(tpeBlock({ axes, admits: anyone, seed: 3, random }, 16, few))).toEqual(rowsOf(random.points(16, 32)));
    const tried = search(320, []);
    expect(new Set(tried.map(String)).size).toBe(tried.length);
  });
});

describe('a neighbourhood', () => {
  it('shows a lonely peak as one: its mean with what lies one step away', () => {
    const axes = axesOf({ a: range(1, 3, 1), b: range(1, 3, 1) });
    const points = createSequence({ axes, order: 'grid', seed: 1, admits: anyone }).points(0, 9);
    const scores = Float64Array.of(1, 1, 1, 1, 10, 1, 1, 1, NaN);
    const { mean, neighbours } = neighbourhoods(axes, points, scores);
    expect(mean[4]).toBe((10 + 4) / 5);
    expect(neighbours[4]).toBe(4);
    expect(mean[0]).toBe(1);
    expect(neighbours[0]).toBe(2);
    expect(mean[8]).toBeNaN();
    expect(mean[5]).toBe((1 + 1 + 10) / 3); // one of its three neighbours has no score
  });

  it('does not take one word for the neighbour of another', () => {
    const axes = axesOf({ side: { values: ['long', 'short'] } });
    const { neighbours } = neighbourhoods(axes, { count: 2, columns: [Float64Array.of(0, 1)] }, Float64Array.of(1, 2));
    expect([...neighbours]).toEqual([0, 0]);
  });
});
