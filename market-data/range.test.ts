import { describe, expect, it } from 'vitest';
import { timeRange } from './range.ts';

describe('timeRange', () => {
  it('takes dates as whole UTC days, the last one included', () => {
    expect(timeRange({ from: '2004-01-01', to: '2004-01-02' })).toEqual({ start: Date.UTC(2004, 0, 1), end: Date.UTC(2004, 0, 3) });
  });

  it('takes a timestamp at the end as exclusive, in its own zone', () => {
    expect(timeRange({ from: '2004-01-01T09:30:00-05:00', to: '2004-01-02T00:00:00Z' })).toEqual({
      start: Date.UTC(2004, 0, 1, 14, 30),
      end: Date.UTC(2004, 0, 2),
    });
  });

  it('is open where nothing is asked for', () => {
    expect(timeRange({})).toEqual({ start: -Infinity, end: Infinity });
  });
});
