import type { SQLOutputValue } from 'node:sqlite';
import type { RunKind } from '../shared/names.ts';
import type { FullRunRow, RunRow } from './runs.ts';

/** Columns of a {@link RunRow}: all but the large ones. */
export const LIGHT_COLUMNS = `id, kind, owner, name, tags, strategy, symbols, timeframe, status, requested, phase, done, total,
  per_second, created_at, started_at, finished_at, error, metrics, version, change, durable, batch_id, batch_index`;

export const FULL_COLUMNS = `${LIGHT_COLUMNS}, spec, result, checkpoint, verifies, epoch, sequence`;

export type SqliteRow = Record<string, SQLOutputValue>;

/** What the database gave, as a row; it holds only what {@link FullRunRow} allowed in. */
export function toRunRow(row: SqliteRow): RunRow {
  return {
    id: row['id'],
    kind: row['kind'],
    owner: row['owner'],
    name: row['name'],
    tags: json(row['tags']),
    strategy: row['strategy'],
    symbols: json(row['symbols']),
    timeframe: row['timeframe'],
    status: row['status'],
    requested: row['requested'],
    phase: row['phase'],
    done: row['done'],
    total: row['total'],
    perSecond: row['per_second'],
    createdAt: row['created_at'],
    startedAt: row['started_at'],
    finishedAt: row['finished_at'],
    error: json(row['error']),
    metrics: json(row['metrics']),
    version: row['version'],
    batchId: row['batch_id'],
    batchIndex: row['batch_index'],
    change: row['change'],
    durable: row['durable'],
  } as RunRow;
}

export function toFullRunRow<Kind extends RunKind = 'backtest'>(row: SqliteRow): FullRunRow<Kind> {
  return {
    ...toRunRow(row),
    spec: json(row['spec']),
    result: json(row['result']),
    checkpoint: json(row['checkpoint']),
    verifies: row['verifies'],
    epoch: row['epoch'],
    sequence: row['sequence'],
  } as FullRunRow<Kind>;
}

/** A run or batch that has ended, and when. */
export function toFinished(row: SqliteRow): { id: string; finishedAt: number } {
  return { id: String(row['id']), finishedAt: Number(row['finished_at']) };
}

export function json(text: SQLOutputValue | undefined): unknown {
  return typeof text === 'string' ? JSON.parse(text) : null;
}

/** A value as a column keeps it: objects as JSON. */
export function toColumn(value: unknown): string | number | null {
  if (value === null || value === undefined) return null;
  return typeof value === 'string' || typeof value === 'number' ? value : JSON.stringify(value);
}
