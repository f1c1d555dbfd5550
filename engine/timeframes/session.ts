import { DAY_MS, momentOf, offsetAt, UTC, type ZoneOffsets } from './local-time.ts';

/** When a market trades, by the clocks on its wall. */
export interface Session {
  zone: ZoneOffsets;
  /** Milliseconds since local midnight; a close at or before the open is on the next day, and such a session has that day's date. */
  open: number;
  close: number;
  /** Days of trading, 0 is Sunday; every day when left out. */
  weekdays?: readonly number[];
}

/** A market that never closes. */
export const ALWAYS: Session = { zone: UTC, open: 0, close: DAY_MS };

/** Where a moment lies in a session. */
export interface Place {
  /** Number of the trading day, counted from 1970-01-01. */
  day: number;
  /** Milliseconds since the session's open, by the clock on the wall. */
  since: number;
}

/** Milliseconds from open to close. */
export function sessionLength({ open, close }: Pick<Session, 'open' | 'close'>): number {
  return close > open ? close - open : close - open + DAY_MS;
}

/** The place of a moment, or null outside the session. */
export function placeIn(session: Session, ts: number): Place | null {
  const sinceOpen = ts + offsetAt(session.zone, ts) - session.open;
  const nights = session.close > session.open ? 0 : 1;
  const day = Math.floor(sinceOpen / DAY_MS) + nights;
  const since = sinceOpen - Math.floor(sinceOpen / DAY_MS) * DAY_MS;
  const isOpen = since < sessionLength(session) && (session.weekdays?.includes(weekdayOf(day)) ?? true);
  return isOpen ? { day, since } : null;
}

/** The moment that is so long after the open of a trading day, by the clock on the wall. */
export function momentIn(session: Session, { day, since }: Place): number {
  const nights = session.close > session.open ? 0 : 1;
  return momentOf(session.zone, (day - nights) * DAY_MS + session.open + since);
}

/** 0 is Sunday; 1970-01-01 was a Thursday. */
function weekdayOf(day: number): number {
  return (((day + 4) % 7) + 7) % 7;
}
