import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { randomWalk, readBars, unseen, writeBars } from './bars-file.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-bars-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the file of bars', () => {
  it('gives the first bars of each column back', () => {
    const file = path.join(folder, 'bars.f64');
    const bars = randomWalk(100);
    writeBars(file, bars);
    const some = readBars(file, 40);
    expect([...some.close]).toEqual([...bars.close.subarray(0, 40)]);
    expect([...some.volume]).toEqual([...bars.volume.subarray(0, 40)]);
    expect(() => readBars(file, 101)).toThrow('has 100 bars, not 101');
  });

  it('shows the engine the same numbers in columns that it has not seen', () => {
    const bars = randomWalk(10);
    const again = unseen(bars);
    expect(again.close).not.toBe(bars.close);
    expect(again).toEqual(bars);
  });
});
