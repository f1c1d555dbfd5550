import { describe, expect, it } from 'vitest';
import { needsLastBar, windowOf, type NightTime } from './scheduled-window.ts';

const night = (at: string, changes: Partial<NightTime> = {}): NightTime => ({
  nominalAt: Date.parse(at),
  timeZone: 'UTC',
  lastBar: null,
  ...changes,
});
const fromOf = (from: string, of: NightTime) => windowOf({ from, to: 'now' }, of).window.from;

describe('the window of a night', () => {
  it.each([
    ['now', '2026-03-10'],
    ['now-1d', '2026-03-09'],
    ['now-2w', '2026-02-24'],
    ['now-1mo', '2026-02-10'],
    ['now-5y', '2021-03-10'],
    ['now+1d', '2026-03-11'],
    ['now-6h', '2026-03-09T20:30:00.000Z'],
    ['2020-01-01', '2020-01-01'],
  ])('from %s is from %s', (written, moment) => {
    expect(fromOf(written, night('2026-03-10T02:30:00Z'))).toBe(moment);
  });

  it('ends on the last day that has gone by, where nothing is said', () => {
    expect(windowOf({}, night('2026-03-10T02:30:00Z')).window).toEqual({ to: '2026-03-09' });
  });

  it('knows leap days, and ends on the last day of a shorter month', () => {
    expect(fromOf('now-1y', night('2024-02-29T01:00:00Z'))).toBe('2023-02-28');
    expect(fromOf('now-4y', night('2024-02-29T01:00:00Z'))).toBe('2020-02-29');
    expect(fromOf('now-1d', night('2024-03-01T01:00:00Z'))).toBe('2024-02-29');
    expect(fromOf('now-1mo', night('2026-03-31T01:00:00Z'))).toBe('2026-02-28');
  });

  it('counts the days of its zone, also where a clock was changed', () => {
    const newYork = { timeZone: 'America/New_York' };
    expect(fromOf('now', night('2026-03-09T03:59:00Z', newYork))).toBe('2026-03-08');
    expect(fromOf('now', night('2026-03-09T04:00:00Z', newYork))).toBe('2026-03-09');
    expect(fromOf('now-1d', night('2026-11-02T04:59:00Z', newYork))).toBe('2026-10-31');
  });

  it('may be counted from the last bar, but not from one that came after the night was due', () => {
    const of = (lastBar: string) => night('2026-03-10T02:30:00Z', { lastBar });
    expect(windowOf({ from: 'end-5y', to: 'end' }, of('2013-03-01')).window).toEqual({ from: '2008-03-01', to: '2013-03-01' });
    expect(windowOf({ from: 'end-1d', to: 'end' }, of('2027-01-01')).window).toEqual({ from: '2026-03-09', to: '2026-03-10' });
    expect(needsLastBar({ from: 'end-5y' })).toBe(true);
    expect(needsLastBar({ from: 'now-5y', to: '2020-01-01' })).toBe(false);
  });

  it('is refused where it is counted from a last bar that nobody knows', () => {
    expect(windowOf({ from: 'end-5y', to: 'now' }, night('2026-03-10T02:30:00Z')).faults).toMatchObject([{ path: 'data.from' }]);
  });
});
