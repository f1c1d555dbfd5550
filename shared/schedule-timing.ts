import * as z from 'zod';
import { WEEKDAYS } from './spec.ts';
import { isTimeZone } from './time-zone.ts';

/** What happens when a night is due while an earlier one still runs: Temporal's policies. */
const OVERLAPS = ['skip', 'buffer-one', 'buffer-all', 'cancel-other', 'terminate-other', 'allow-all'] as const;
export const Overlap = z.enum(OVERLAPS).describe('What becomes of a night that is due while an earlier one still runs');
export type Overlap = z.infer<typeof Overlap>;

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'] as const;

const Duration = z.string().regex(/^[1-9]\d{0,5}(s|m|h|d)$/, 'write a number and a unit: 90s, 10m, 6h, 2d');

/** A cron field: the numbers it may hold, and the names of some of them. */
interface Field {
  min: number;
  max: number;
  names?: readonly string[];
}

const CRON_FIELDS: readonly Field[] = [
  { min: 0, max: 59 },
  { min: 0, max: 23 },
  { min: 1, max: 31 },
  { min: 1, max: 12, names: ['', ...MONTHS] },
  { min: 0, max: 7, names: WEEKDAYS },
];

const Cron = z
  .string()
  .max(200)
  .refine(isCron, 'write five fields: minute, hour, day of month, month, day of week, such as "30 2 * * mon-fri"')
  .describe('Minute, hour, day of month, month, day of week; a day must fit both day fields');

function isCron(text: string): boolean {
  const fields = text.trim().split(/\s+/);
  return (
    fields.length === CRON_FIELDS.length && fields.every((field, i) => field.split(',').every((part) => isPart(part, CRON_FIELDS[i]!)))
  );
}

/** `*`, `5`, `mon`, `1-5`, each perhaps with `/2`. */
function isPart(part: string, field: Field): boolean {
  const [range, step, ...rest] = part.split('/');
  if (rest.length > 0 || (step !== undefined && !/^[1-9]\d?$/.test(step))) return false;
  if (range === '*') return true;
  const [from = NaN, to = from, ...more] = range!.split('-').map((value) => numberIn(value, field));
  return more.length === 0 && from >= field.min && to <= field.max && from <= to;
}

function numberIn(text: string, { names = [] }: Field): number {
  if (/^\d{1,2}$/.test(text)) return Number(text);
  const named = text === '' ? -1 : names.indexOf(text.toLowerCase());
  return named < 0 ? NaN : named;
}

/** One value, a range, or a list of both. */
function few<Value extends z.ZodType>(value: Value) {
  const range = z.strictObject({ from: value, to: value, step: z.int().min(1).max(60).optional() });
  return z.union([
    value,
    z
      .array(z.union([value, range]))
      .min(1)
      .max(60),
  ]);
}

const Calendar = z.strictObject({
  second: few(z.int().min(0).max(59)).default(0),
  minute: few(z.int().min(0).max(59)).default(0),
  hour: few(z.int().min(0).max(23)).default(0),
  dayOfMonth: few(z.int().min(1).max(31)).optional().describe('Left out, every day'),
  month: few(z.int().min(1).max(12)).optional(),
  year: few(z.int().min(2000).max(2100)).optional(),
  dayOfWeek: few(z.enum(WEEKDAYS)).optional(),
});
export type Calendar = z.infer<typeof Calendar>;

const Calendars = z.array(Calendar).min(1).max(50);

/** When nights are due, and what happens when they cannot run then. The times are those of Temporal Schedules. */
export const Timing = z.object({
  cron: Cron.optional(),
  calendar: Calendars.optional().describe('In place of a cron line: due at every time that fits one of these'),
  except: z.array(Calendar).max(200).optional().describe('Not due at times that fit one of these, such as holidays'),
  timeZone: z
    .string()
    .refine(isTimeZone, 'write an IANA name such as America/New_York')
    .default('UTC')
    .describe('IANA name: the clock of cron line and calendar, and the days of now-1d'),
  jitter: Duration.optional().describe('Nights begin up to this much later, at random; their nominal time stays'),
  overlap: Overlap.default('skip'),
  catchupWindow: Duration.default('6h').describe('Nights that were missed for longer than this do not run any more; at least 10s'),
  pauseOnFailure: z.boolean().default(false).describe('Whether it pauses after a night that failed'),
  startAt: z.iso.datetime({ offset: true }).optional().describe('Not due before'),
  endAt: z.iso.datetime({ offset: true }).optional().describe('Not due after'),
});
export type Timing = z.infer<typeof Timing>;

/** What is wrong between fields that are right each by itself. */
export function timingFaults({ cron, calendar, startAt, endAt }: Timing): { path: string; message: string }[] {
  const faults: { path: string; message: string }[] = [];
  if ((cron === undefined) === (calendar === undefined)) faults.push({ path: 'cron', message: 'give either a cron line or a calendar' });
  if (startAt !== undefined && endAt !== undefined && Date.parse(endAt) <= Date.parse(startAt))
    faults.push({ path: 'endAt', message: 'lies before "startAt"' });
  return faults;
}
