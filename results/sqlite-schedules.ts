import type { CreatedSchedule, NewSchedule, ScheduleChange, ScheduleRow, ScheduleStore } from './schedules.ts';
import type { Connection } from './sqlite-connection.ts';
import { nightIntents } from './sqlite-nights.ts';
import { json, toColumn, type SqliteRow } from './sqlite-rows.ts';

interface Transactions {
  read: <T>(statements: () => T) => Promise<T>;
  write: <T>(statements: () => T) => Promise<T>;
}

const INSERT = `INSERT INTO schedules (id, owner, name, spec, timing, begins_paused, created_at, changed_at, version, applied, removed)
  VALUES (:id, :owner, :name, :spec, :timing, :beginsPaused, :now, :now, 1, 0, 0)`;

const UPDATE = `UPDATE schedules SET name = :name, spec = :spec, timing = :timing, changed_at = :now, version = version + 1
  WHERE id = :id AND owner = :owner AND removed = 0`;

const REMOVE = `UPDATE schedules SET removed = 1, changed_at = :now, version = version + 1 WHERE id = :id AND owner = :owner AND removed = 0`;

const LIST = `SELECT * FROM schedules WHERE owner = ? AND removed = 0 AND (created_at, id) < (?, ?) ORDER BY created_at DESC, id DESC LIMIT ?`;

const UNAPPLIED = 'SELECT * FROM schedules WHERE applied < version AND changed_at < ? ORDER BY changed_at LIMIT ?';

const EVERY = 'SELECT * FROM schedules WHERE removed = 0 AND id > ? ORDER BY id LIMIT ?';

/** What of a store is about schedules. */
export function scheduleIntents(connection: Connection, transactions: Transactions): ScheduleStore {
  const { read, write } = transactions;
  const get = (owner: string, id: string): ScheduleRow | null => {
    const row = connection.one('SELECT * FROM schedules WHERE id = ? AND owner = ? AND removed = 0', id, owner);
    return row ? toScheduleRow(row) : null;
  };
  return {
    createSchedule: (schedule) => write(() => createSchedule(connection, schedule)),
    getSchedule: (owner, id) => read(() => get(owner, id)),
    listSchedules: (owner, { limit, after = { createdAt: Number.MAX_SAFE_INTEGER, id: '' } }) =>
      read(() => connection.all(LIST, owner, after.createdAt, after.id, limit).map(toScheduleRow)),
    updateSchedule: (owner, id, change) =>
      write(() => {
        const before = get(owner, id);
        if (before !== null) updateSchedule(connection, before, change);
        return get(owner, id);
      }),
    removeSchedule: (owner, id) =>
      write(() => {
        connection.run(REMOVE, { id, owner, now: Date.now() });
        const row = connection.one('SELECT * FROM schedules WHERE id = ? AND owner = ?', id, owner);
        return row ? toScheduleRow(row) : null;
      }),
    scheduleApplied: (id, version) =>
      write(() => {
        connection.run('UPDATE schedules SET applied = max(applied, :version) WHERE id = :id', { id, version });
        connection.run('DELETE FROM schedules WHERE id = :id AND removed = 1 AND applied = version', { id });
      }),
    unappliedSchedules: (changedBefore, limit) => read(() => connection.all(UNAPPLIED, changedBefore, limit).map(toScheduleRow)),
    everySchedule: (limit, after = '') => read(() => connection.all(EVERY, after, limit).map(toScheduleRow)),
    keepScheduleKey: (of) => write(() => keepKey(connection, of)),
    ...nightIntents(connection, transactions),
  };
}

function createSchedule(connection: Connection, { idempotency, ...schedule }: NewSchedule): CreatedSchedule {
  const { id, owner } = schedule;
  const known = keepKey(connection, { owner, scheduleId: id, idempotency });
  if (known === 'key_reused') return { outcome: 'key_reused' };
  const one = (which: string): ScheduleRow => toScheduleRow(connection.one('SELECT * FROM schedules WHERE id = ?', which)!);
  if (known === 'replayed') return { outcome: 'replayed', schedule: one(keptFor(connection, owner, idempotency!.key)) };
  const columns = { ...schedule, spec: toColumn(schedule.spec), timing: toColumn(schedule.timing) };
  connection.run(INSERT, { ...columns, beginsPaused: Number(schedule.beginsPaused), now: Date.now() });
  return { outcome: 'accepted', schedule: one(id) };
}

function updateSchedule(connection: Connection, before: ScheduleRow, change: ScheduleChange): void {
  const { id, owner, name, spec, timing } = { ...before, ...change };
  connection.run(UPDATE, { id, owner, name, spec: toColumn(spec), timing: toColumn(timing), now: Date.now() });
}

type OfKey = Parameters<ScheduleStore['keepScheduleKey']>[0];

function keepKey(connection: Connection, { owner, scheduleId, idempotency }: OfKey): 'new' | 'replayed' | 'key_reused' {
  if (!idempotency) return 'new';
  connection.run('DELETE FROM schedule_keys WHERE expires_at <= :now', { now: Date.now() });
  const known = connection.one('SELECT fingerprint FROM schedule_keys WHERE owner = ? AND key = ?', owner, idempotency.key);
  if (known) return known['fingerprint'] === idempotency.fingerprint ? 'replayed' : 'key_reused';
  const sql = `INSERT INTO schedule_keys (owner, key, fingerprint, schedule_id, expires_at)
    VALUES (:owner, :key, :fingerprint, :scheduleId, :expiresAt)`;
  connection.run(sql, { owner, scheduleId, ...idempotency });
  return 'new';
}

function keptFor(connection: Connection, owner: string, key: string): string {
  return String(connection.one('SELECT schedule_id FROM schedule_keys WHERE owner = ? AND key = ?', owner, key)!['schedule_id']);
}

function toScheduleRow(row: SqliteRow): ScheduleRow {
  return {
    id: row['id'],
    owner: row['owner'],
    name: row['name'],
    spec: json(row['spec']),
    timing: json(row['timing']),
    beginsPaused: row['begins_paused'] === 1,
    createdAt: row['created_at'],
    changedAt: row['changed_at'],
    version: row['version'],
    applied: row['applied'],
    removed: row['removed'] === 1,
  } as ScheduleRow;
}
