const DAY_MS = 86_400_000;

/** Whether a moment is a day rather than a point in time. */
export function isDate(moment: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(moment);
}

/** Half open, in ms; without an end it is infinite. */
export interface TimeRange {
  start: number;
  end: number;
}

/** The times that `from` and `to` ask for: dates are inclusive UTC days, an ending timestamp is exclusive. */
export function timeRange({ from, to }: { from?: string | null | undefined; to?: string | null | undefined }): TimeRange {
  const start = from ? Date.parse(from) : -Infinity;
  if (!to) return { start, end: Infinity };
  return { start, end: Date.parse(to) + (isDate(to) ? DAY_MS : 0) };
}
