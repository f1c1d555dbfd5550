import { describe, expect, it } from 'vitest';
import { gathered } from './gathered.ts';

const KB = 1024;

async function gather(parts: Uint8Array[]): Promise<Uint8Array[]> {
  const result: Uint8Array[] = [];
  for await (const part of gathered(parts)) result.push(part);
  return result;
}

describe('gathered', () => {
  it('joins small parts, and passes large ones on as they are, in order', async () => {
    const large = new Uint8Array(300 * KB).fill(9);
    const parts = await gather([Uint8Array.of(1), Uint8Array.of(), Uint8Array.of(2, 3), large, Uint8Array.of(4), Uint8Array.of(5)]);
    expect(parts.map((part) => part.length)).toEqual([3, 300 * KB, 2]);
    expect(parts[1]).toBe(large);
    expect([...parts[0]!, ...parts[2]!]).toEqual([1, 2, 3, 4, 5]);
  });

  it('does not let small parts pile up', async () => {
    const parts = await gather(Array.from({ length: 10 }, () => new Uint8Array(25 * KB)));
    expect(parts.map((part) => part.length / KB)).toEqual([75, 75, 75, 25]);
  });

  it('gives nothing for nothing', async () => {
    expect(await gather([])).toEqual([]);
  });
});
