import type { Schedule } from '#shared/schedule.ts';

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'] as const;
const SHORT = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** Whose clock it is: `New York`. */
function zoneText(timeZone: string): string {
  return timeZone === 'UTC' ? 'UTC' : `${timeZone.split('/').at(-1)!.replaceAll('_', ' ')} time`;
}

/** When it is due, as one would say it. */
export function timingText({ cron, calendar, timeZone }: Partial<Pick<Schedule, 'cron' | 'calendar' | 'timeZone'>>): string {
  const zone = zoneText(timeZone ?? 'UTC');
  if (cron !== undefined) return `${cronText(cron)}, ${zone}`;
  if (calendar !== undefined)
    return `At the times of its calendar (${calendar.length} ${calendar.length === 1 ? 'entry' : 'entries'}), ${zone}`;
  return 'Never';
}

/** What most cron lines say; of others the line itself. */
function cronText(cron: string): string {
  const [minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = ''] = cron.trim().split(/\s+/);
  const on = daysText(dayOfMonth, month, dayOfWeek);
  if (on === null) return `Cron ${cron}`;
  const every = /^\*\/(\d+)$/.exec(minute);
  if (hour === '*' && minute === '*') return `Every minute${on}`;
  if (hour === '*' && every) return `Every ${every[1]} minutes${on}`;
  if (hour === '*' && isNumber(minute)) return `Every hour at minute ${minute}${on}`;
  const hours = hour.split(',');
  if (isNumber(minute) && hours.every(isNumber)) return `At ${hours.map((each) => `${two(each)}:${two(minute)}`).join(' and ')}${on}`;
  return `Cron ${cron}`;
}

const isNumber = (text: string): boolean => /^\d{1,2}$/.test(text);
const two = (text: string): string => text.padStart(2, '0');

function daysText(dayOfMonth: string, month: string, dayOfWeek: string): string | null {
  if (month !== '*') return null;
  if (dayOfMonth !== '*') return dayOfWeek === '*' && isNumber(dayOfMonth) ? ` on day ${dayOfMonth} of each month` : null;
  if (dayOfWeek === '*') return ' every day';
  const parts = dayOfWeek.split(',').map((part) => {
    const names = part.split('-').map(dayName);
    return names.includes(null) ? null : names.join(' to ');
  });
  return parts.includes(null) ? null : ` on ${parts.join(', ')}`;
}

function dayName(text: string): string | null {
  const index = isNumber(text) ? Number(text) % 7 : SHORT.indexOf(text.toLowerCase());
  return DAYS[index] ?? null;
}

export const OVERLAP_WORDS: Readonly<Record<string, string>> = {
  skip: 'the new night is skipped',
  'buffer-one': 'one night waits for it',
  'buffer-all': 'all nights wait, one after the other',
  'cancel-other': 'the earlier one is cancelled, and keeps a partial result',
  'terminate-other': 'the earlier one is ended at once',
  'allow-all': 'both run',
};
