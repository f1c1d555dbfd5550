import { describe, expect, it } from 'vitest';
import { sharedColumn } from './shared-column.ts';

describe('a shared column', () => {
  it('is computed once for a source and a name', () => {
    const source = Float64Array.of(1, 2);
    const first = sharedColumn(source, 'double', () => source.map((value) => 2 * value));
    const second = sharedColumn(source, 'double', () => {
      throw new Error('computed twice');
    });
    expect(second).toBe(first);
    expect(sharedColumn(source, 'other', () => Float64Array.of(7))).toEqual(Float64Array.of(7));
    expect(sharedColumn(Float64Array.of(1, 2), 'double', () => Float64Array.of(9))).toEqual(Float64Array.of(9));
  });

  it('makes room for others once the budget of 256 MB is used up, the least recently used one first', () => {
    const source = Float64Array.of(1);
    const computed: string[] = [];
    // Pages that nobody writes to take no memory.
    const ask = (name: string) =>
      sharedColumn(source, name, () => {
        computed.push(name);
        return new Float64Array(12 * 1024 * 1024);
      });
    for (const name of ['a', 'b', 'a', 'c', 'a', 'b']) ask(name);
    expect(computed).toEqual(['a', 'b', 'c', 'b']);
  });
});
