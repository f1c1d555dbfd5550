import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromExactJson, toExactJson } from './exact-json.ts';

describe('exact JSON', () => {
  it('writes the numbers that JSON lacks as marked strings', () => {
    expect(toExactJson({ b: [-0, NaN, Infinity, -Infinity, 0.1], a: '#NaN' })).toBe(
      '{"a":"##NaN","b":["#-0","#NaN","#Infinity","#-Infinity",0.1]}',
    );
  });

  it('gives back exactly what was written', () => {
    const leaf = fc.oneof(
      fc.double(),
      fc.constantFrom('#', '##', '#NaN', '#-0', '__proto__'),
      fc.string(),
      fc.boolean(),
      fc.constant(null),
    );
    const { value } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie('value')),
        fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('#', '__proto__')), tie('value'), { noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(value, (input) => {
        expect(fromExactJson(toExactJson(input))).toStrictEqual(input);
      }),
    );
  });

  it('gives one text for one value, in whatever order its keys were set', () => {
    expect(toExactJson({ a: 1, b: 2, c: undefined })).toBe(toExactJson({ b: 2, a: 1 }));
  });

  it.each([
    ['a typed array', { rows: new Float64Array(2) }, '$.rows'],
    ['a map', [new Map()], '$.0'],
    ['a date', { at: { time: new Date(0) } }, '$.at.time'],
    ['undefined in an array', [undefined], '$.0'],
    ['a bigint', { n: 1n }, '$.n'],
  ])('refuses %s rather than losing it, and says where it is', (_name, value, path) => {
    expect(() => toExactJson(value)).toThrow(`${path} is not JSON`);
  });
});
