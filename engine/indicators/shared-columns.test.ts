import { describe, expect, it } from 'vitest';
import { sharedColumns } from './shared-columns.ts';

describe('shared columns', () => {
  it('are computed once for the same sources and name', () => {
    const sources = [Float64Array.of(1, 2), Float64Array.of(3, 4)];
    const [a, b] = sources as [Float64Array, Float64Array];
    const first = sharedColumns(sources, 'sum', () => [a.map((value, i) => value + b[i]!)]);
    const second = sharedColumns([a, b], 'sum', () => {
      throw new Error('computed twice');
    });
    expect(second).toBe(first);
  });

  it('are others for another name, another source or another order of sources', () => {
    const [a, b] = [Float64Array.of(1, 2), Float64Array.of(1, 2)];
    let computed = 0;
    for (const sources of [[a], [b], [a, b], [b, a], [a, a]]) {
      for (const name of ['one', 'two']) sharedColumns(sources, name, () => [Float64Array.of(++computed)]);
    }
    expect(computed).toBe(10);
  });

  it('make room for others once the budget of 256 MB is used up, the least recently used one first', () => {
    const source = Float64Array.of(1);
    const computed: string[] = [];
    // Pages that nobody writes to take no memory.
    const ask = (name: string) =>
      sharedColumns([source], name, () => {
        computed.push(name);
        return [new Float64Array(6 * 1024 * 1024), new Float64Array(6 * 1024 * 1024)];
      });
    for (const name of ['a', 'b', 'a', 'c', 'a', 'b']) ask(name);
    expect(computed).toEqual(['a', 'b', 'c', 'b']);
  });
});
