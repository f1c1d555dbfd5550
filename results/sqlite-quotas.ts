import type { Limits, Usage } from '../shared/limits.ts';
import { limitPassed, type OverQuota, type QuotaStore, type Wanted } from './quotas.ts';
import type { Connection } from './sqlite-connection.ts';

const DAY_MS = 86_400_000;

const OPEN = "SELECT count(*) AS open FROM runs WHERE owner = ? AND status NOT IN ('completed', 'failed', 'cancelled')";
const STORED = `SELECT (SELECT total(stored_bytes) FROM runs WHERE owner = :owner AND stored_bytes > 0)
  + (SELECT total(ref ->> 'bytes') FROM uploads WHERE owner = :owner) AS bytes`;
const USED = 'SELECT trials, cpu_seconds FROM usage WHERE owner = ? AND day = ?';
const SCANNED = 'SELECT total(bytes) AS bytes FROM scans WHERE owner = ? AND day = ?';

interface Transactions {
  read: <T>(statements: () => T) => Promise<T>;
  write: <T>(statements: () => T) => Promise<T>;
}

/** What of a store is about what owners have used. */
export function quotaIntents(connection: Connection, { read, write }: Transactions): QuotaStore {
  return {
    usageOf: (owner, at) => read(() => usageOf(connection, owner, at)),
    notePlan: async (owner, plan) => {
      await write(() => connection.run('INSERT OR REPLACE INTO owners (owner, plan) VALUES (:owner, :plan)', { owner, plan }));
    },
    planOf: (owner) =>
      read(() => {
        const plan = connection.one('SELECT plan FROM owners WHERE owner = ?', owner)?.['plan'];
        return typeof plan === 'string' ? plan : null;
      }),
  };
}

function usageOf(connection: Connection, owner: string, at: number): Usage {
  const day = dayOf(at);
  const used = connection.one(USED, owner, day);
  return {
    openRuns: Number(connection.one(OPEN, owner)!['open']),
    trialsPerDay: Number(used?.['trials'] ?? 0),
    cpuSecondsPerDay: Number(used?.['cpu_seconds'] ?? 0),
    scannedBytesPerDay: Number(connection.one(SCANNED, owner, day)!['bytes']),
    storedBytes: Number(connection.all(STORED, { owner })[0]!['bytes']),
  };
}

interface Accepting extends Wanted {
  owner: string;
  limits: Limits | undefined;
  now: number;
}

/** Whether an owner may have so much more; where so, it is booked. To be called in the transaction that then accepts it. */
export function bookUsage(connection: Connection, { owner, limits = {}, now, ...wanted }: Accepting): OverQuota | null {
  const over = Object.keys(limits).length === 0 ? null : limitPassed(limits, usageOf(connection, owner, now), wanted);
  if (over === null) addUsage(connection, { owner, at: now, trials: wanted.trials, cpuSeconds: 0 });
  return over;
}

const ADD = `INSERT INTO usage (owner, day, trials, cpu_seconds) VALUES (:owner, :day, :trials, :cpuSeconds)
  ON CONFLICT DO UPDATE SET trials = trials + excluded.trials, cpu_seconds = cpu_seconds + excluded.cpu_seconds`;

/** Adds to the day of an owner; to be called in a transaction. */
export function addUsage(connection: Connection, { at, ...more }: { owner: string; at: number; trials: number; cpuSeconds: number }): void {
  connection.run(ADD, { ...more, day: dayOf(at) });
}

function dayOf(at: number): number {
  return Math.floor(at / DAY_MS);
}
