import type { Fault } from './errors.ts';

/** `now`, `now-1d`, `end-5y`: counted from the nominal time of a night, or from the last bar before it. */
const RELATIVE = /^(now|end)(?:([+-])(\d{1,5})(h|d|w|mo|y))?$/;

/** Up to the last day that had ended at the nominal time. */
const DEFAULT_TO = 'now-1d';

/** A window as it is written in a schedule, beside the moments that a spec may name. */
interface Window {
  from?: string | undefined;
  to?: string | undefined;
}

export interface NightTime {
  /** When the night was due, in ms. */
  nominalAt: number;
  /** Whose days are counted. */
  timeZone: string;
  /** Day of the source's last bar (2004-01-31); null where the source does not say. */
  lastBar: string | null;
}

/** Whether a window follows from the last bar of its source. */
export function needsLastBar({ from, to }: Window): boolean {
  return [from, to].some((moment) => moment?.startsWith('end') === true);
}

/**
 * The window of one night, in absolute moments: it follows from the nominal time alone, and from which bars there were then. Days, weeks, months and years give
 * a day, as inclusive as in any spec; hours give a moment. A month or year earlier that lacks the day ends on its last one: 2024-02-29 less a year is 2023-02-28.
 */
export function windowOf({ from, to = DEFAULT_TO }: Window, night: NightTime): { window: Window; faults: Fault[] } {
  const faults: Fault[] = [];
  const resolved = (name: 'from' | 'to', text: string | undefined): string | undefined => {
    const moment = momentOf(text, night);
    if (moment === null) faults.push({ path: `data.${name}`, message: 'the source does not say where its bars end: count from "now"' });
    return moment ?? undefined;
  };
  const window = { from: resolved('from', from), to: resolved('to', to) };
  return { window: Object.fromEntries(Object.entries(window).filter(([, moment]) => moment !== undefined)), faults };
}

/** Null where nobody knows. What is no relative moment stays as it is. */
function momentOf(text: string | undefined, { nominalAt, timeZone, lastBar }: NightTime): string | null | undefined {
  const [, anchor, sign, digits, unit] = RELATIVE.exec(text ?? '') ?? [];
  if (anchor === undefined) return text;
  const shift = { count: Number(digits ?? 0) * (sign === '-' ? -1 : 1), unit: unit ?? 'd' };
  const today = dayIn(timeZone, nominalAt);
  if (anchor === 'now') return shifted({ day: today, at: nominalAt }, shift);
  if (lastBar === null) return null;
  // Bars that came after the night was due are no bars of that night.
  const day = lastBar < today ? lastBar : today;
  return shifted({ day, at: Date.parse(day) + 24 * HOUR_MS }, shift);
}

const HOUR_MS = 3_600_000;

/** The day that a clock in the zone shows. */
function dayIn(timeZone: string, at: number): string {
  // Of all locales, this one writes dates as ISO 8601 does.
  return new Intl.DateTimeFormat('sv-SE', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }).format(at);
}

function shifted({ day, at }: { day: string; at: number }, { count, unit }: { count: number; unit: string }): string {
  if (unit === 'h') return new Date(at + count * HOUR_MS).toISOString();
  const date = new Date(day);
  if (unit === 'd' || unit === 'w') date.setUTCDate(date.getUTCDate() + count * (unit === 'w' ? 7 : 1));
  else {
    const ofMonth = date.getUTCDate();
    date.setUTCMonth(date.getUTCMonth() + count * (unit === 'y' ? 12 : 1), 1);
    const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
    date.setUTCDate(Math.min(ofMonth, last));
  }
  return date.toISOString().slice(0, 10);
}
