import { describe, expect, it } from 'vitest';
import { linearScale, logScale, timeScale } from './scale.ts';

const label = (value: number) => String(Number(value.toPrecision(6)));
const labels = (scale: { ticks: { label: string }[] }) => scale.ticks.map((tick) => tick.label);

describe('a linear axis', () => {
  it('places values in proportion, with round ticks inside', () => {
    const scale = linearScale({ domain: [-3, 7], range: [100, 0], count: 5, label });
    expect(scale(-3)).toBe(100);
    expect(scale(2)).toBe(50);
    expect(labels(scale)).toEqual(['-2', '0', '2', '4', '6']);
  });

  it('has some length around a single value', () => {
    const scale = linearScale({ domain: [200, 200], range: [0, 10], count: 4, label });
    expect(scale(200)).toBe(5);
    expect(scale.ticks.length).toBeGreaterThan(1);
  });
});

it('a logarithmic axis gives equal factors equal lengths', () => {
  const scale = logScale({ domain: [1, 100], range: [0, 10], count: 5, label });
  expect(scale(10)).toBe(5);
  expect(labels(scale)).toEqual(['1', '2', '5', '10', '20', '50', '100']);
});

describe('an axis of time', () => {
  const utc = (text: string) => Date.parse(text);

  it.each([
    ['2024-01-01T09:30Z', '2024-01-01T11:10Z', 4, ['01-01 09:30', '01-01 10:00', '01-01 10:30', '01-01 11:00']],
    ['2024-01-01', '2024-01-05', 5, ['2024-01-01', '2024-01-02', '2024-01-03', '2024-01-04', '2024-01-05']],
    ['2023-12-20', '2024-05-02', 4, ['2024', '2024-03', '2024-05']],
    ['2000-03-01', '2013-03-01', 8, ['2002', '2004', '2006', '2008', '2010', '2012']],
    ['0050-01-01', '0090-01-01', 5, ['50', '60', '70', '80', '90']],
  ])('from %s to %s begins its parts where the calendar does', (from, to, count, expected) => {
    expect(labels(timeScale([utc(from), utc(to)], [0, 1000], count))).toEqual(expected);
  });
});
