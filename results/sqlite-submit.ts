import type { RunKind } from '../shared/names.ts';
import { toColumns } from './columns.ts';
import { foldName } from './fold.ts';
import { symbolLabel, tagLabel } from './labels.ts';
import { newRow, type NewRun } from './new-run.ts';
import { noteChange } from './sqlite-changes.ts';
import type { Connection } from './sqlite-connection.ts';
import { bookUsage } from './sqlite-quotas.ts';
import { FULL_COLUMNS, toColumn, toFullRunRow } from './sqlite-rows.ts';
import type { FullRunRow, Submission, Submitted } from './runs.ts';

/** Accepts a run; to be called in a transaction. A key whose run was deleted is forgotten with it. */
export function submit<Kind extends RunKind>(connection: Connection, submission: Submission<Kind>): Submitted<Kind> {
  const { limits, ...wanted } = submission;
  const { owner, idempotency } = wanted;
  const now = Date.now();
  const known = runOfKey<Kind>(connection, { owner, idempotency, now });
  if (known === 'key_reused') return { outcome: 'key_reused' };
  if (known) return { outcome: 'replayed', run: known };
  const trials = wanted.kind === 'sweep' ? wanted.total : 1;
  const over = bookUsage(connection, { owner, limits, now, runs: 1, trials });
  if (over) return over;
  const run = insertRun(connection, { ...wanted, now, batch: null });
  keepKey(connection, { owner, idempotency, runId: run.id });
  return { outcome: 'accepted', run };
}

type OfKey = Pick<Submission, 'owner' | 'idempotency'>;

/** The run that was accepted with this key and payload; null for a new key. */
export function runOfKey<Kind extends RunKind = 'backtest'>(
  connection: Connection,
  { owner, idempotency, now }: OfKey & { now: number },
): FullRunRow<Kind> | 'key_reused' | null {
  if (!idempotency) return null;
  connection.run('DELETE FROM idempotency_keys WHERE expires_at <= :now', { now });
  const known = connection.one('SELECT fingerprint, run_id FROM idempotency_keys WHERE owner = ? AND key = ?', owner, idempotency.key);
  if (known && known['fingerprint'] !== idempotency.fingerprint) return 'key_reused';
  const run = known && connection.one(`SELECT ${FULL_COLUMNS} FROM runs WHERE id = ?`, String(known['run_id']));
  return run ? toFullRunRow(run) : null;
}

export function keepKey(connection: Connection, { owner, idempotency, runId }: OfKey & { runId: string }): void {
  if (!idempotency) return;
  const sql = `INSERT INTO idempotency_keys (owner, key, fingerprint, run_id, expires_at)
    VALUES (:owner, :key, :fingerprint, :runId, :expiresAt)`;
  connection.run(sql, { owner, runId, ...idempotency });
}

/** Inserts a run as `queued`, with its labels. */
export function insertRun<Kind extends RunKind>(connection: Connection, submission: NewRun<Kind>): FullRunRow<Kind> {
  const run = newRow(submission);
  insertRow(connection, run);
  run.change = noteChange(connection, run.id);
  addLabels(connection, run, [...run.symbols.map(symbolLabel), ...run.tags.map(tagLabel)]);
  return run;
}

/** Makes a run findable by its symbols and tags. */
export function addLabels(connection: Connection, run: { id: string; owner: string; createdAt: number }, labels: string[]): void {
  const { id, owner, createdAt } = run;
  // A tag may be given twice.
  const sql = 'INSERT OR IGNORE INTO run_labels (owner, label, created_at, id) VALUES (:owner, :label, :createdAt, :id)';
  for (const label of labels) connection.run(sql, { owner, label, createdAt, id });
}

function insertRow(connection: Connection, run: FullRunRow<RunKind>): void {
  const row = toColumns({ ...run, nameFolded: foldName(run.name) });
  const columns = Object.keys(row);
  const sql = `INSERT INTO runs (${columns.join(', ')}) VALUES (${columns.map((column) => `:${column}`).join(', ')})`;
  connection.run(sql, Object.fromEntries(Object.entries(row).map(([column, value]) => [column, toColumn(value)])));
}
