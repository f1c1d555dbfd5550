import { describe, expect, it } from 'vitest';
import { readFormula } from './formula.ts';

const names = ['fast', 'slow', 'side'];
const read = (text: string) => readFormula(text, names, 'where');
const valueOf = (text: string, values: Record<string, number | string>) => read(text).formula!.of(values);

describe('a formula over named values', () => {
  it.each([
    ['fast < slow', { fast: 2, slow: 3 }, true],
    ['fast < slow && slow % 5 == 0', { fast: 2, slow: 3 }, false],
    ["side == 'long' ? fast : -slow", { fast: 2, slow: 3, side: 'long' }, 2],
    ["side != 'long' ? fast : -slow", { fast: 2, slow: 3, side: 'long' }, -3],
    ['max(fast, slow, 4) - abs(-1.5) * 2 / 4', { fast: 2, slow: 3 }, 3.25],
    ['!(fast > slow) || fast == 1', { fast: 2, slow: 3 }, true],
    ['fast > 1', { slow: 3 }, false],
  ])('%s', (text, values, expected) => {
    expect(valueOf(text, values as Record<string, number>)).toBe(expected);
  });

  it('says which names it uses', () => {
    expect(read('fast + fast * slow').formula!.names).toEqual(['fast', 'slow']);
  });

  it('has every fault at once, with its place', () => {
    expect(read('fastt < slow && sma(slow, 3) > 2 && constructor > 1').faults).toEqual([
      { path: 'where', from: 0, to: 5, message: '"fastt" is not known; did you mean "fast"?' },
      { path: 'where', from: 16, to: 28, message: expect.stringContaining('"sma" is not known') as string },
      { path: 'where', from: 36, to: 47, message: expect.stringContaining('"constructor" is not known') as string },
    ]);
    expect(read('fast <').faults).toMatchObject([{ path: 'where', message: expect.stringContaining('cannot be read') as string }]);
  });
});
