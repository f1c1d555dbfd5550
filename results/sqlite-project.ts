import { isTerminal, type RunStatus } from '../shared/names.ts';
import { bytesOf } from './quotas.ts';
import { noteChange } from './sqlite-changes.ts';
import type { Connection } from './sqlite-connection.ts';
import { addUsage } from './sqlite-quotas.ts';
import { toColumn, type SqliteRow } from './sqlite-rows.ts';
import type { Projection } from './runs.ts';

const COLUMN_OF = {
  status: 'status',
  phase: 'phase',
  total: 'total',
  done: 'done',
  startedAt: 'started_at',
  finishedAt: 'finished_at',
  error: 'error',
  checkpoint: 'checkpoint',
  result: 'result',
} as const satisfies Partial<Record<keyof Projection['change'], string>>;

const OPENED_AGAIN = { error: null, finished_at: null, result: null, metrics: null, stored_bytes: 0 };

/** Applies a workflow's change; to be called in a transaction. False when the change was stale. */
export function project(connection: Connection, projection: Projection): boolean {
  const row = connection.one(
    'SELECT owner, epoch, sequence, status, requested, done, total, durable FROM runs WHERE id = ?',
    projection.runId,
  );
  if (!row || !isNewer(projection, row) || comesTooLate(projection, row)) return false;
  const columns = changedColumns(projection, row);
  const names = Object.keys(columns);
  const sql = `UPDATE runs SET ${names.map((name) => `${name} = :${name}`).join(', ')}, version = version + 1 WHERE id = :id`;
  connection.run(sql, { id: projection.runId, ...Object.fromEntries(names.map((name) => [name, toColumn(columns[name])])) });
  noteChange(connection, projection.runId);
  const { result } = projection.change;
  if (result) addUsage(connection, { owner: String(row['owner']), at: Date.now(), trials: 0, cpuSeconds: result.manifest.cpuSeconds });
  return true;
}

/** A cancel or an extension that was recorded before the end wins, although the run itself has not heard of it yet. */
function comesTooLate({ change: { status, of = Infinity } }: Projection, row: SqliteRow): boolean {
  return status === 'completed' && (row['requested'] === 'cancel' || Number(row['total']) > of);
}

function changedColumns({ epoch, sequence, change }: Projection, row: SqliteRow): Record<string, unknown> {
  const before = row['status'] as RunStatus;
  const isFinished = isTerminal(change.status ?? before);
  const opensAgain = isTerminal(before) && !isFinished;
  const columns: Record<string, unknown> = { epoch, sequence, ...(opensAgain && OPENED_AGAIN) };
  for (const [member, column] of Object.entries(COLUMN_OF)) {
    const value = change[member as keyof typeof COLUMN_OF];
    if (value !== undefined) columns[column] = value;
  }
  if (change.result) columns['stored_bytes'] = bytesOf(change.result);
  if (change.result && 'metrics' in change.result) columns['metrics'] = change.result.metrics;
  if (isFinished || settles(change, row)) columns['requested'] = null;
  return { ...columns, ...barsDone(change, row, opensAgain) };
}

/** A run that opens again may begin further back; what was stored stays stored. */
function barsDone({ done, checkpoint }: Projection['change'], row: SqliteRow, opensAgain: boolean): Record<string, number> {
  if (done === undefined) return {};
  return {
    done: opensAgain ? done : Math.max(done, Number(row['done'])),
    ...(checkpoint && { durable: Math.max(done, Number(row['durable'])) }),
  };
}

function settles({ settled = [] }: Projection['change'], row: SqliteRow): boolean {
  return settled.some((request) => request === row['requested']);
}

/** Whether a change comes after the last applied one. Only another Temporal run (a reset, a restart) changes a finished run. */
export function isNewer({ epoch, sequence }: Pick<Projection, 'epoch' | 'sequence'>, row: SqliteRow): boolean {
  const applied = { epoch: Number(row['epoch']), sequence: Number(row['sequence']) };
  if (epoch !== applied.epoch) return epoch > applied.epoch;
  return sequence > applied.sequence && !isTerminal(row['status'] as RunStatus);
}
