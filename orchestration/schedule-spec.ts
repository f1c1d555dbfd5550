import type { CalendarSpec, ScheduleSpec } from '@temporalio/client';
import type { Calendar, Timing } from '../shared/schedule-timing.ts';
import { WEEKDAYS } from '../shared/spec.ts';

/** When a schedule is due, in Temporal's words. */
export function scheduleSpecOf({ cron, calendar, except, timeZone, jitter, startAt, endAt }: Timing): ScheduleSpec {
  return {
    ...(cron !== undefined && { cronExpressions: [cron] }),
    ...(calendar && { calendars: calendar.map(calendarOf) }),
    ...(except && { skip: except.map(calendarOf) }),
    ...(jitter !== undefined && { jitter: jitter as `${number}s` }),
    ...(startAt !== undefined && { startAt: new Date(startAt) }),
    ...(endAt !== undefined && { endAt: new Date(endAt) }),
    timezone: timeZone,
  };
}

const DAY_NAMES = ['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY'] as const;
const MONTH_NAMES = [
  'JANUARY',
  'FEBRUARY',
  'MARCH',
  'APRIL',
  'MAY',
  'JUNE',
  'JULY',
  'AUGUST',
  'SEPTEMBER',
  'OCTOBER',
  'NOVEMBER',
  'DECEMBER',
] as const;

function calendarOf({ second, minute, hour, dayOfMonth, month, year, dayOfWeek }: Calendar): CalendarSpec {
  return {
    second: spans(second, (value) => value),
    minute: spans(minute, (value) => value),
    hour: spans(hour, (value) => value),
    ...(dayOfMonth !== undefined && { dayOfMonth: spans(dayOfMonth, (value) => value) }),
    ...(month !== undefined && { month: spans(month, (value) => MONTH_NAMES[value - 1]!) }),
    ...(year !== undefined && { year: spans(year, (value) => value) }),
    ...(dayOfWeek !== undefined && { dayOfWeek: spans(dayOfWeek, (value) => DAY_NAMES[WEEKDAYS.indexOf(value)]!) }),
  };
}

interface Span<Value> {
  from: Value;
  to: Value;
  step?: number | undefined;
}

function spans<Value, Named>(values: Value | (Value | Span<Value>)[], named: (value: Value) => Named) {
  return (Array.isArray(values) ? values : [values]).map((value) => {
    if (typeof value !== 'object' || value === null) return { start: named(value), end: named(value) };
    const { from, to, step = 1 } = value as Span<Value>;
    return { start: named(from), end: named(to), step };
  });
}
