import { describe, expect, it } from 'vitest';
import { itemsIn } from './batch-command.ts';

describe('a file of a batch', () => {
  it.each([
    ['a JSON list', '[{"a": 1}, {"b": 2}]'],
    ['an object with items', '{"items": [{"a": 1}, {"b": 2}]}'],
    ['one spec a line', '{"a": 1}\n\n{"b": 2}\n'],
  ])('may be %s', (_what, content) => {
    expect(itemsIn(content, 'x')).toEqual([{ a: 1 }, { b: 2 }]);
  });

  it('may hold a single spec', () => {
    expect(itemsIn('{"a": 1}', 'x')).toEqual([{ a: 1 }]);
  });

  it('is refused with the line that is wrong', () => {
    expect(() => itemsIn('{"a": 1}\nnonsense\n', 'x.jsonl')).toThrow('line 2 is not JSON');
    expect(() => itemsIn('', 'x.jsonl')).toThrow('holds no spec');
  });
});
