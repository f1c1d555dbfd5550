import type { BookedScan, ScanBooking, ScanStore } from './scans.ts';
import type { Connection } from './sqlite-connection.ts';

const DAY_MS = 86_400_000;

/** What of a store is about metered sources. */
export function scanIntents(connection: Connection, { write }: { write: <T>(statements: () => T) => Promise<T> }): ScanStore {
  return { bookScan: (booking) => write(() => bookScan(connection, booking)) };
}

/** To be called in a transaction. */
function bookScan(connection: Connection, { key, owner, bytes, at, ownerDayBytes }: ScanBooking): BookedScan {
  const day = Math.floor(at / DAY_MS);
  const first = connection.one('SELECT min(at) AS at FROM scans WHERE key = ?', key)?.['at'];
  const firstAt = first === null || first === undefined ? at : Number(first);
  if (connection.one('SELECT 1 FROM scans WHERE key = ? AND day = ?', key, day)) return { outcome: 'booked', at: firstAt };
  const booked = Number(connection.one('SELECT total(bytes) AS bytes FROM scans WHERE owner = ? AND day = ?', owner, day)?.['bytes'] ?? 0);
  if (booked + bytes > ownerDayBytes) return { outcome: 'over_cap', booked };
  connection.run('INSERT INTO scans (key, day, owner, bytes, at) VALUES (:key, :day, :owner, :bytes, :at)', { key, day, owner, bytes, at });
  return { outcome: 'booked', at: firstAt };
}
