import { RUN_STATUSES, isTerminal, type RunStatus } from '../shared/names.ts';
import type { BatchProjection, BatchRow, BatchStore, BatchSubmission, SubmittedBatch } from './batches.ts';
import { noteChange } from './sqlite-changes.ts';
import type { Connection } from './sqlite-connection.ts';
import { isNewer, project } from './sqlite-project.ts';
import { FULL_COLUMNS, json, toColumn, toFinished, toFullRunRow, type SqliteRow } from './sqlite-rows.ts';
import { bookUsage } from './sqlite-quotas.ts';
import { insertRun, keepKey, runOfKey } from './sqlite-submit.ts';
import { queueDeliveries } from './sqlite-webhooks.ts';

const INSERT = `INSERT INTO batches (id, owner, name, status, created_at, epoch, sequence, version)
  VALUES (:id, :owner, :name, 'queued', :now, 0, 0, 1)`;

const IS_OPEN = "status NOT IN ('completed', 'failed', 'cancelled')";

const REQUEST = `UPDATE batches SET requested = :request, version = version + 1 WHERE id = :id AND owner = :owner AND ${IS_OPEN}
  AND requested IS NOT :request AND requested IS NOT 'cancel'`;

const REPORT_STALL = `UPDATE batches SET error = :error, version = version + 1
  WHERE id = :batchId AND epoch = :epoch AND sequence = :sequence AND error IS NOT :error AND ${IS_OPEN}`;

const FINISHED_AMONG = `SELECT id, finished_at FROM batches WHERE id IN (SELECT value FROM json_each(?)) AND NOT (${IS_OPEN})`;

const BATCH_ITEMS = `SELECT ${FULL_COLUMNS} FROM runs WHERE batch_id = ? AND batch_index >= ? AND batch_index < ? ORDER BY batch_index`;

interface Transactions {
  read: <T>(statements: () => T) => Promise<T>;
  write: <T>(statements: () => T) => Promise<T>;
}

/** What of a store is about batches. */
export function batchIntents(connection: Connection, { read, write }: Transactions): BatchStore {
  return {
    submitBatch: (submission) => write(() => submitBatch(connection, submission)),
    getBatch: (owner, id) => read(() => getBatch(connection, owner, id)),
    batchItems: (batchId, from, to) => read(() => connection.all(BATCH_ITEMS, batchId, from, to).map(toFullRunRow)),
    projectAll: (projections) =>
      write(() => {
        for (const projection of projections) project(connection, projection);
      }),
    projectBatch: (projection) => write(() => projectBatch(connection, projection)),
    requestBatch: (owner, id, request) => write(() => requestBatch(connection, { owner, id, request })),
    reportBatchStall: async ({ error, ...of }) => {
      await write(() => connection.run(REPORT_STALL, { ...of, error: toColumn(error) }));
    },
    finishedBatchesAmong: (ids) => read(() => connection.all(FINISHED_AMONG, JSON.stringify(ids)).map(toFinished)),
    listOpenBatches: (createdBefore, limit) => read(() => listOpenBatches(connection, createdBefore, limit)),
  };
}

/** Accepts a batch; to be called in a transaction. Its key leads to its first item. */
function submitBatch(connection: Connection, { id, owner, name, items, idempotency, limits }: BatchSubmission): SubmittedBatch {
  const now = Date.now();
  const known = runOfKey(connection, { owner, idempotency, now });
  if (known === 'key_reused') return { outcome: 'key_reused' };
  if (known?.batchId) return { outcome: 'replayed', batch: getBatch(connection, owner, known.batchId)! };
  const over = bookUsage(connection, { owner, limits, now, runs: items.length, trials: items.length });
  if (over) return over;
  connection.run(INSERT, { id, owner, name, now });
  items.forEach((item, batchIndex) => insertRun(connection, { ...item, kind: 'backtest', owner, now, batch: { batchId: id, batchIndex } }));
  keepKey(connection, { owner, idempotency, runId: items[0]!.id });
  return { outcome: 'accepted', batch: getBatch(connection, owner, id)! };
}

function getBatch(connection: Connection, owner: string, id: string): BatchRow | null {
  const row = connection.one('SELECT * FROM batches WHERE id = ? AND owner = ?', id, owner);
  return row ? toBatchRow(connection, row) : null;
}

/** Records a request; to be called in a transaction. Null when the batch is finished or unknown. */
function requestBatch(connection: Connection, request: { owner: string; id: string; request: string }): BatchRow | null {
  connection.run(REQUEST, request);
  const batch = getBatch(connection, request.owner, request.id);
  return batch && isTerminal(batch.status) ? null : batch;
}

function listOpenBatches(connection: Connection, createdBefore: number, limit: number): BatchRow[] {
  const sql = `SELECT * FROM batches WHERE ${IS_OPEN} AND created_at < ? ORDER BY created_at, id LIMIT ?`;
  return connection.all(sql, createdBefore, limit).map((row) => toBatchRow(connection, row));
}

/** Applies a workflow's change; to be called in a transaction. False when the change was stale. */
function projectBatch(connection: Connection, { batchId, change, ...at }: BatchProjection): boolean {
  const row = connection.one('SELECT owner, epoch, sequence, status, requested, finished_at FROM batches WHERE id = ?', batchId);
  if (!row || !isNewer(at, row)) return false;
  const { status = row['status'] as RunStatus } = change;
  const opensAgain = isTerminal(row['status'] as RunStatus) && !isTerminal(status);
  if (opensAgain) openItemsAgain(connection, batchId, Number(row['finished_at']));
  const open = opensAgain ? { finished_at: null } : {};
  const columns = { epoch: at.epoch, sequence: at.sequence, ...open, ...changedColumns({ ...change, status }, row['requested']) };
  const sets = Object.keys(columns).map((name) => `${name} = :${name}`);
  connection.run(`UPDATE batches SET ${sets.join(', ')}, version = version + 1 WHERE id = :id`, { id: batchId, ...columns });
  const { openItems, finishedAt } = change;
  if (openItems) closeItems(connection, batchId, { ...openItems, epoch: at.epoch, finishedAt: finishedAt ?? Date.now() });
  if (isTerminal(status)) queueDeliveries(connection, { owner: String(row['owner']), kind: 'batch', id: batchId, status, epoch: at.epoch });
  return true;
}

type Change = BatchProjection['change'] & { status: RunStatus };

function changedColumns({ status, startedAt, finishedAt, error, settled = [] }: Change, requested: unknown) {
  const isSettled = isTerminal(status) || settled.some((request) => request === requested);
  return {
    status,
    ...(startedAt !== undefined && { started_at: startedAt }),
    ...(finishedAt !== undefined && { finished_at: finishedAt }),
    // A batch that writes gets ahead: whatever held it up is over.
    ...((error !== undefined || !isTerminal(status)) && { error: toColumn(error ?? null) }),
    ...(isSettled && { requested: null }),
  };
}

type End = NonNullable<BatchProjection['change']['openItems']> & { finishedAt: number; epoch: number };

/** A late writer of the same Temporal run, or of one before, changes them no more. */
function closeItems(connection: Connection, batchId: string, { status, error, finishedAt, epoch }: End): void {
  const sql = `UPDATE runs SET status = :status, phase = NULL, error = :error, finished_at = :finishedAt,
    epoch = max(epoch, :epoch), version = version + 1 WHERE id = :id`;
  for (const { id } of connection.all(`SELECT id FROM runs WHERE batch_id = ? AND ${IS_OPEN}`, batchId)) {
    connection.run(sql, { id: String(id), status, error: toColumn(error), finishedAt, epoch });
    noteChange(connection, String(id));
  }
}

/** Those that ended with their batch have its end, and no result. */
function openItemsAgain(connection: Connection, batchId: string, finishedAt: number): void {
  const ended = 'SELECT id FROM runs WHERE batch_id = ? AND finished_at = ? AND result IS NULL';
  const sql = `UPDATE runs SET status = 'queued', phase = NULL, error = NULL, finished_at = NULL, version = version + 1 WHERE id = :id`;
  for (const { id } of connection.all(ended, batchId, finishedAt)) {
    connection.run(sql, { id: String(id) });
    noteChange(connection, String(id));
  }
}

function toBatchRow(connection: Connection, row: SqliteRow): BatchRow {
  const items = Object.fromEntries(RUN_STATUSES.map((status) => [status, 0])) as Record<RunStatus, number>;
  const counts = connection.all('SELECT status, count(*) AS items FROM runs WHERE batch_id = ? GROUP BY status', String(row['id']));
  for (const { status, items: count } of counts) items[status as RunStatus] = Number(count);
  return {
    id: row['id'],
    owner: row['owner'],
    name: row['name'],
    status: row['status'],
    requested: row['requested'],
    createdAt: row['created_at'],
    startedAt: row['started_at'],
    finishedAt: row['finished_at'],
    error: json(row['error']),
    version: row['version'],
    epoch: row['epoch'],
    sequence: row['sequence'],
    items,
  } as BatchRow;
}
