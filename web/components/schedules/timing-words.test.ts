import { expect, it } from 'vitest';
import { timingText } from './timing-words.ts';

it.each([
  ['30 2 * * tue-sat', 'America/New_York', 'At 02:30 on Tuesday to Saturday, New York time'],
  ['0 6 * * *', undefined, 'At 06:00 every day, UTC'],
  ['0 6,18 * * 1,3', undefined, 'At 06:00 and 18:00 on Monday, Wednesday, UTC'],
  ['*/15 * * * *', undefined, 'Every 15 minutes every day, UTC'],
  ['5 * * * sun', undefined, 'Every hour at minute 5 on Sunday, UTC'],
  ['0 7 1 * *', undefined, 'At 07:00 on day 1 of each month, UTC'],
  ['0 7 1-5 jan *', undefined, 'Cron 0 7 1-5 jan *, UTC'],
])('says %s in words', (cron, timeZone, words) => {
  expect(timingText({ cron, ...(timeZone && { timeZone }) })).toBe(words);
});

it('says how many entries a calendar has', () => {
  expect(timingText({ calendar: [{ second: 0, minute: 0, hour: 6 }], timeZone: 'UTC' })).toBe(
    'At the times of its calendar (1 entry), UTC',
  );
});
