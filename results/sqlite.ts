import { TERMINAL_STATUSES, type RunKind } from '../shared/names.ts';
import { batchIntents } from './sqlite-batches.ts';
import { changesAfter, lastChange, nextChange, noteChange } from './sqlite-changes.ts';
import { connect } from './sqlite-connection.ts';
import { credentialIntents } from './sqlite-credentials.ts';
import { withStoreErrors } from './sqlite-errors.ts';
import { historyIntents } from './sqlite-histories.ts';
import { ledgerIntents } from './sqlite-ledger.ts';
import { listStatement } from './sqlite-list.ts';
import { whileLocked } from './sqlite-lock.ts';
import { oneRunIntents } from './sqlite-one-run.ts';
import { operatorIntents } from './sqlite-operators.ts';
import { project } from './sqlite-project.ts';
import { FULL_COLUMNS, toColumn, toFinished, toFullRunRow, toRunRow } from './sqlite-rows.ts';
import { quotaIntents } from './sqlite-quotas.ts';
import { retentionIntents } from './sqlite-retention.ts';
import { scanIntents } from './sqlite-scans.ts';
import { scheduleIntents } from './sqlite-schedules.ts';
import { sourceNoteIntents } from './sqlite-source-notes.ts';
import { sweepIntents } from './sqlite-sweeps.ts';
import { submit } from './sqlite-submit.ts';
import { uploadIntents } from './sqlite-uploads.ts';
import { webhookIntents } from './sqlite-webhooks.ts';
import type { AnyRunRow } from './runs.ts';
import type { ResultStore } from './store.ts';

// As the partial index `runs_open` has it: SQLite compares the text.
const IS_OPEN = `status NOT IN (${TERMINAL_STATUSES.map((status) => `'${status}'`).join(', ')})`;

/** Items are not among them: their batch is what is started again. */
export const LIST_OPEN = `SELECT ${FULL_COLUMNS} FROM runs WHERE ${IS_OPEN} AND batch_id IS NULL AND created_at < ? AND (created_at, id) > (?, ?)
  ORDER BY created_at, id LIMIT ?`;

const FINISHED_AMONG = `SELECT id, finished_at FROM runs WHERE id IN (SELECT value FROM json_each(?)) AND NOT (${IS_OPEN})`;

const BEFORE_ALL = { createdAt: -1, id: '' };

const REPORT_PROGRESS = `UPDATE runs SET done = :done, per_second = :perSecond, version = version + 1, change = :change
  WHERE id = :runId AND epoch = :epoch AND done < :done AND ${IS_OPEN}`;

const REPORT_STALL = `UPDATE runs SET error = :error, version = version + 1
  WHERE id = :runId AND epoch = :epoch AND sequence = :sequence AND error IS NOT :error AND ${IS_OPEN}`;

export interface SqliteStoreOptions {
  /** Made with its folder when missing. Several processes may have it open. */
  file: string;
  /** What an accepted write survives: `normal` the end of the process, `full` a power cut too, at one disk flush a write. */
  sync: 'normal' | 'full';
}

/** The row store in one SQLite file. Statements are short and synchronous. */
export function createSqliteStore({ file, sync }: SqliteStoreOptions): ResultStore {
  const connection = withStoreErrors(file, () => connect(file, sync));
  // Async, so that a failure is a rejection, as it is for a store behind a network.
  const read = async <T>(statements: () => T): Promise<T> => withStoreErrors(file, statements);
  const write = <T>(statements: () => T): Promise<T> => whileLocked(() => withStoreErrors(file, () => connection.transaction(statements)));

  return {
    submit: (submission) => write(() => submit(connection, submission)),
    project: (projection) => write(() => project(connection, projection)),
    reportProgress: async ({ runId, epoch, done, perSecond }) => {
      await write(() => connection.run(REPORT_PROGRESS, { runId, epoch, done, perSecond, change: nextChange(connection) }));
    },
    reportStall: async ({ error, ...of }) => {
      await write(() => connection.run(REPORT_STALL, { ...of, error: toColumn(error) }) > 0 && noteChange(connection, of.runId));
    },
    list: (owner, query) =>
      read(() => {
        const { sql, values } = listStatement(owner, query);
        return connection.all(sql, ...values).map(toRunRow);
      }),
    changesAfter: (query) => read(() => changesAfter(connection, query)),
    lastChange: (owner) => read(() => lastChange(connection, owner)),
    listOpen: (createdBefore, limit, after = BEFORE_ALL) =>
      read(() =>
        connection.all(LIST_OPEN, createdBefore, after.createdAt, after.id, limit).map((row) => toFullRunRow<RunKind>(row) as AnyRunRow),
      ),
    finishedAmong: (ids) => read(() => connection.all(FINISHED_AMONG, JSON.stringify(ids)).map(toFinished)),
    ...oneRunIntents(connection, { read, write }),
    ...batchIntents(connection, { read, write }),
    ...uploadIntents(connection, { read, write }),
    ...scanIntents(connection, { write }),
    ...sourceNoteIntents(connection, { read, write }),
    ...retentionIntents(connection, { read, write }),
    ...historyIntents(connection, { read, write }),
    ...sweepIntents(connection, { read, write }),
    ...ledgerIntents(connection, { read, write }),
    ...scheduleIntents(connection, { read, write }),
    ...quotaIntents(connection, { read, write }),
    ...credentialIntents(connection, { read, write }),
    ...operatorIntents(connection, { read, write }),
    ...webhookIntents(connection, { read, write }),
    check: () => write(() => undefined),
    close: () => connection.close(),
  };
}
