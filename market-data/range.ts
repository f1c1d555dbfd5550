export { isDate, timeRange, type TimeRange } from '../shared/time-range.ts';

/** The last moment a `Date` can name, either way from 1970. */
export const LAST_TIME = 8.64e15;
