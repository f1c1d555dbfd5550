import { isTerminal, type RunStatus, type TerminalStatus } from '../shared/names.ts';
import type { Connection } from './sqlite-connection.ts';
import { json, type SqliteRow } from './sqlite-rows.ts';
import { queueDeliveries } from './sqlite-webhooks.ts';
import type { RunChange } from './runs.ts';
import type { ResultStore } from './store.ts';

/** The next number; to be called in the transaction of the write, which orders numbers as writes become visible. */
export function nextChange(connection: Connection): number {
  return Number(connection.one('UPDATE last_change SET number = number + 1 RETURNING number')!['number']);
}

const KEEP = `INSERT INTO run_changes
  (change, owner, run_id, kind, status, requested, phase, done, total, per_second, error, durable_before, durable, at)
  SELECT :change, owner, id, :kind, status, requested, phase, done, total, per_second, error, :durableBefore, durable, :at
  FROM runs WHERE id = :id`;

/** Numbers what was written to a row and keeps it for its watchers; to be called in the transaction of the write. Returns the number. */
export function noteChange(connection: Connection, id: string): number {
  const last = connection.one(
    'SELECT status, requested, phase, error, durable FROM run_changes WHERE run_id = ? ORDER BY change DESC LIMIT 1',
    id,
  );
  const row = connection.one('SELECT owner, kind, batch_id, epoch, status, requested, phase, error, durable FROM runs WHERE id = ?', id)!;
  const at = Date.now();
  let durableBefore = Number(last?.['durable'] ?? 0);
  const keep = (kind: RunChange['kind']): number => {
    const change = nextChange(connection);
    connection.run(KEEP, { id, change, kind, durableBefore, at });
    return change;
  };
  const kind = kindOf(row, last);
  if (kind === 'done' && Number(row['durable']) > durableBefore) {
    // The end is told after the last bars.
    keep('progress');
    durableBefore = Number(row['durable']);
  }
  const change = keep(kind);
  connection.run('UPDATE runs SET change = :change WHERE id = :id', { id, change });
  if (kind === 'done' && row['batch_id'] === null) queueDeliveries(connection, endOf(id, row));
  return change;
}

/** Items are told of with their batch. */
function endOf(id: string, row: SqliteRow): Parameters<typeof queueDeliveries>[1] {
  const status = row['status'] as TerminalStatus;
  return { owner: String(row['owner']), kind: String(row['kind']), id, status, epoch: Number(row['epoch']) };
}

function kindOf(row: SqliteRow, last: SqliteRow | undefined): RunChange['kind'] {
  if (isTerminal(row['status'] as RunStatus)) return 'done';
  return ['status', 'requested', 'phase', 'error'].every((column) => row[column] === last?.[column]) ? 'progress' : 'status';
}

const WANTED = 'owner = :owner AND change > :after';
const OF_RUN = { runs: 'AND id = :runId', changes: 'AND run_id = :runId' };

/** Kept changes and the live progress of rows, merged in one statement, since each must see what the other sees. */
export function changesStatement(ofRun: boolean): string {
  const kept = `SELECT change, run_id, (SELECT r.kind FROM runs r WHERE r.id = run_id) AS run_kind, kind, status, requested, phase, done, total, per_second, error, durable_before, durable, at, 1 AS kept
    FROM run_changes WHERE ${WANTED} ${ofRun ? OF_RUN.changes : ''} ORDER BY change LIMIT :limit`;
  const live = `SELECT change, id, kind, 'progress', status, requested, phase, done, total, per_second, error, durable, durable, 0, 0
    FROM runs WHERE ${WANTED} ${ofRun ? OF_RUN.runs : ''} AND NOT EXISTS (SELECT 1 FROM run_changes c WHERE c.change = runs.change)
    ORDER BY change LIMIT :limit`;
  return `SELECT * FROM (${kept}) UNION ALL SELECT * FROM (${live}) ORDER BY change LIMIT :limit`;
}

export function changesAfter(connection: Connection, query: Parameters<ResultStore['changesAfter']>[0]): RunChange[] {
  const { runId, ...rest } = query;
  return connection.all(changesStatement(runId !== null), { ...rest, ...(runId !== null && { runId }) }).map(toRunChange);
}

export function lastChange(connection: Connection, owner: string): number {
  return Number(connection.one('SELECT max(change) AS number FROM runs WHERE owner = ?', owner)?.['number'] ?? 0);
}

function toRunChange(row: SqliteRow): RunChange {
  return {
    change: row['change'],
    runId: row['run_id'],
    runKind: row['run_kind'],
    kind: row['kind'],
    kept: row['kept'] === 1,
    status: row['status'],
    requested: row['requested'],
    phase: row['phase'],
    done: row['done'],
    total: row['total'],
    perSecond: row['per_second'],
    error: json(row['error']),
    durableBefore: row['durable_before'],
    durable: row['durable'],
    at: row['at'],
  } as RunChange;
}
