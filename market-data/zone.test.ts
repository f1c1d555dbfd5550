import { describe, expect, it } from 'vitest';
import { isTimeZone, timeZones, zoneOffsets } from './zone.ts';

const HOUR = 3_600_000;
const START = Date.UTC(2024, 0, 1);
const END = Date.UTC(2025, 0, 1);

function listOf(timeZone: string, start = START, end = END): [string, number][] {
  const { from, offset } = zoneOffsets(timeZone, start, end);
  return Array.from(from, (time, i) => [new Date(time).toISOString(), offset[i]! / HOUR]);
}

describe('the offsets of a zone', () => {
  it.each([
    [
      'America/New_York',
      [
        ['2024-01-01T00:00:00.000Z', -5],
        ['2024-03-10T07:00:00.000Z', -4],
        ['2024-11-03T06:00:00.000Z', -5],
      ],
    ],
    [
      'Europe/London',
      [
        ['2024-01-01T00:00:00.000Z', 0],
        ['2024-03-31T01:00:00.000Z', 1],
        ['2024-10-27T01:00:00.000Z', 0],
      ],
    ],
    ['Asia/Kolkata', [['2024-01-01T00:00:00.000Z', 5.5]]],
    ['UTC', [['2024-01-01T00:00:00.000Z', 0]]],
    [
      'Africa/Casablanca',
      [
        ['2024-01-01T00:00:00.000Z', 1],
        ['2024-03-10T02:00:00.000Z', 0],
        ['2024-04-14T02:00:00.000Z', 1],
      ],
    ],
  ])('of %s change when its clocks do', (zone, changes) => {
    expect(listOf(zone)).toEqual(changes);
  });

  it('have a change exactly at the end of the range', () => {
    expect(listOf('Europe/London', START, Date.UTC(2024, 2, 31, 1))).toHaveLength(2);
    expect(listOf('Europe/London', START, Date.UTC(2024, 2, 31, 1) - 1)).toHaveLength(1);
  });

  it('have seconds before there was a standard time', () => {
    const longAgo = Date.UTC(1850, 0, 1);
    expect([...zoneOffsets('America/New_York', longAgo, longAgo).offset]).toEqual([-(4 * HOUR + 56 * 60_000 + 2_000)]);
  });
});

it('zones are known by their IANA names', () => {
  expect(['America/New_York', 'UTC', 'Europe/Londn', '+25:00'].map(isTimeZone)).toEqual([true, true, false, false]);
  expect(timeZones()).toContain('Europe/London');
});
