import type { MetricInfo } from '#shared/metric-info.ts';

/** What is shown where there is no figure. */
export const NOTHING = '–';
const MINUS = '−';

/** Locale and time zone are the browser's. */
const locale = undefined;
const short = (options: Intl.NumberFormatOptions) => new Intl.NumberFormat(locale, options);

const whole = short({ maximumFractionDigits: 0 });
const compact = short({ notation: 'compact', maximumSignificantDigits: 3 });
const percent = short({ style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 });
const finePercent = short({ style: 'percent', minimumFractionDigits: 2, maximumFractionDigits: 2 });
const ratio = short({ minimumFractionDigits: 2, maximumFractionDigits: 2 });
const money = short({ maximumFractionDigits: 0 });
const price = short({ maximumSignificantDigits: 6, minimumFractionDigits: 2, maximumFractionDigits: 6 });

function shown(value: number | null | undefined, format: Intl.NumberFormat): string {
  return value === null || value === undefined || !Number.isFinite(value) ? NOTHING : format.format(value).replace('-', MINUS);
}

export const formatCount = (value: number | null | undefined): string => shown(value, whole);
/** 1.2 M for what nobody counts. */
export const formatCompact = (value: number | null | undefined): string => shown(value, compact);
export const formatPrice = (value: number | null | undefined): string => shown(value, price);
export const formatMoney = (value: number | null | undefined): string => shown(value, money);
export const formatRatio = (value: number | null | undefined): string => shown(value, ratio);
/** A fraction as a percentage: one decimal, two below one percent. */
export const formatPercent = (value: number | null | undefined): string =>
  shown(value, value !== null && value !== undefined && Math.abs(value) < 0.01 && value !== 0 ? finePercent : percent);
/** With its sign, so that a gain is known without its colour. */
export const formatChange = (value: number | null | undefined): string =>
  value !== null && value !== undefined && value > 0 ? `+${formatPercent(value)}` : formatPercent(value);

/** A figure of a run in its unit. */
export function formatMetric(value: number | null | undefined, { unit }: Pick<MetricInfo, 'unit'>): string {
  switch (unit) {
    case 'fraction':
      return formatPercent(value);
    case 'ratio':
      return formatRatio(value);
    case 'days':
      return shown(value, whole);
    case 'count':
      return formatCount(value);
    case 'money':
      return formatMoney(value);
  }
}

const day = new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'short', day: 'numeric' });
const utcDay = new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'short', day: 'numeric', timeZone: 'UTC' });
const moment = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' });
const minute = new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' });

type Time = string | number | null | undefined;
const timeOf = (time: string | number): Date => new Date(time);

/** A moment in the zone of whoever looks. */
export const formatMoment = (time: Time): string => (time === null || time === undefined ? NOTHING : moment.format(timeOf(time)));
export const formatMinute = (time: Time): string => (time === null || time === undefined ? NOTHING : minute.format(timeOf(time)));
export const formatDay = (time: Time): string => (time === null || time === undefined ? NOTHING : day.format(timeOf(time)));
/** Time of a bar: bars of days are dated, and a date must not move with the zone of the reader. */
export const formatBarTime = (time: Time, isDaily: boolean): string =>
  time === null || time === undefined ? NOTHING : isDaily ? utcDay.format(timeOf(time)) : moment.format(timeOf(time));

/** A length of time in at most two units: `1 h 5 min`. */
export function formatDuration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return NOTHING;
  if (seconds < 1) return `${Math.max(1, Math.round(seconds * 1_000))} ms`;
  if (seconds < 60) return `${seconds < 10 ? Math.round(seconds * 10) / 10 : Math.round(seconds)} s`;
  const units = [
    ['d', 86_400],
    ['h', 3_600],
    ['min', 60],
    ['s', 1],
  ] as const;
  const first = units.findIndex(([, size]) => seconds >= size);
  const [name, size] = units[first]!;
  const rest = units[first + 1];
  const left = rest && Math.floor((seconds % size) / rest[1]);
  return `${Math.floor(seconds / size)} ${name}${left ? ` ${left} ${rest[0]}` : ''}`;
}

export function formatBytes(bytes: number | null | undefined): string {
  if (bytes === null || bytes === undefined) return NOTHING;
  const power = Math.min(4, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return `${short({ maximumSignificantDigits: 3 }).format(bytes / 1_000 ** power)} ${['B', 'kB', 'MB', 'GB', 'TB'][power]}`;
}
