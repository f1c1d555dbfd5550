import { describe, expect, it } from 'vitest';
import type { Derived } from './column-share.ts';
import { sharedColumns } from './shared-columns.ts';

/** One column of so many numbers, all zeros. */
const zeros = (length: number, onFill: () => void): Derived => ({ count: 1, length, fill: onFill });

describe('shared columns', () => {
  it('are computed once for the same sources and name', () => {
    const sources = [Float64Array.of(1, 2), Float64Array.of(3, 4)];
    const [a, b] = sources as [Float64Array, Float64Array];
    const sum: Derived = { count: 1, length: 2, fill: ([out]) => out!.set(a.map((value, i) => value + b[i]!)) };
    const first = sharedColumns(sources, 'sum', sum);
    const never = zeros(2, () => {
      throw new Error('computed twice');
    });
    expect(sharedColumns([a, b], 'sum', never)).toBe(first);
    expect([...first[0]!]).toEqual([4, 6]);
  });

  it('are others for another name, another source or another order of sources', () => {
    const [a, b] = [Float64Array.of(1, 2), Float64Array.of(1, 2)];
    let computed = 0;
    for (const sources of [[a], [b], [a, b], [b, a], [a, a]]) {
      for (const name of ['one', 'two'])
        sharedColumns(
          sources,
          name,
          zeros(1, () => void computed++),
        );
    }
    expect(computed).toBe(10);
  });

  it('make room for others once the budget of 256 MB is used up, the least recently used one first', () => {
    const source = Float64Array.of(1);
    const computed: string[] = [];
    // Pages that nobody writes to take no memory.
    const ask = (name: string) =>
      sharedColumns([source], name, { count: 2, length: 6 * 1024 * 1024, fill: () => void computed.push(name) });
    for (const name of ['a', 'b', 'a', 'c', 'a', 'b']) ask(name);
    expect(computed).toEqual(['a', 'b', 'c', 'b']);
  });
});
