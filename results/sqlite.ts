import { TERMINAL_STATUSES, isTerminal } from '../shared/names.ts';
import { fold } from './fold.ts';
import { tagLabel } from './labels.ts';
import { batchIntents } from './sqlite-batches.ts';
import { changesAfter, lastChange, nextChange, noteChange } from './sqlite-changes.ts';
import { connect } from './sqlite-connection.ts';
import { withStoreErrors } from './sqlite-errors.ts';
import { listStatement } from './sqlite-list.ts';
import { whileLocked } from './sqlite-lock.ts';
import { project } from './sqlite-project.ts';
import { FULL_COLUMNS, toColumn, toFullRunRow, toRunRow } from './sqlite-rows.ts';
import { retentionIntents } from './sqlite-retention.ts';
import { scanIntents } from './sqlite-scans.ts';
import { addLabels, submit } from './sqlite-submit.ts';
import { uploadIntents } from './sqlite-uploads.ts';
import type { FullRunRow } from './runs.ts';
import type { ResultStore } from './store.ts';

// As the partial index `runs_open` has it: SQLite compares the text.
const IS_OPEN = `status NOT IN (${TERMINAL_STATUSES.map((status) => `'${status}'`).join(', ')})`;

/** Items are not among them: their batch is what is started again. */
export const LIST_OPEN = `SELECT ${FULL_COLUMNS} FROM runs WHERE ${IS_OPEN} AND batch_id IS NULL AND created_at < ? AND (created_at, id) > (?, ?)
  ORDER BY created_at, id LIMIT ?`;

const FINISHED_AMONG = `SELECT id, finished_at FROM runs WHERE id IN (SELECT value FROM json_each(?)) AND NOT (${IS_OPEN})`;

const BEFORE_ALL = { createdAt: -1, id: '' };

/** A pause or resume that comes after a cancel does not replace it. */
const REQUEST = `UPDATE runs SET requested = :request, version = version + 1 WHERE id = :id AND owner = :owner AND ${IS_OPEN}
  AND requested IS NOT :request AND (:request IS NULL OR requested IS NOT 'cancel')`;

const REPORT_PROGRESS = `UPDATE runs SET done = :done, per_second = :perSecond, version = version + 1, change = :change
  WHERE id = :runId AND epoch = :epoch AND done < :done AND ${IS_OPEN}`;

const REPORT_STALL = `UPDATE runs SET error = :error, version = version + 1
  WHERE id = :runId AND epoch = :epoch AND sequence = :sequence AND error IS NOT :error AND ${IS_OPEN}`;

const UPDATE = 'UPDATE runs SET name = :name, name_folded = :folded, tags = :tags, version = version + 1 WHERE id = :id';

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

  const get = (owner: string, id: string): FullRunRow | null => {
    const row = connection.one(`SELECT ${FULL_COLUMNS} FROM runs WHERE id = ? AND owner = ?`, id, owner);
    return row ? toFullRunRow(row) : null;
  };
  const update: ResultStore['update'] = (owner, id, { name, tags }) =>
    write(() => {
      const run = get(owner, id);
      if (!run) return null;
      const changed = { name: name ?? run.name, tags: tags ?? run.tags };
      connection.run(UPDATE, { id, name: changed.name, folded: fold(changed.name), tags: JSON.stringify(changed.tags) });
      connection.run(`DELETE FROM run_labels WHERE id = :id AND label GLOB '${tagLabel('*')}'`, { id });
      addLabels(connection, run, changed.tags.map(tagLabel));
      return get(owner, id);
    });

  return {
    submit: (submission) => write(() => submit(connection, submission)),
    project: (projection) => write(() => project(connection, projection)),
    reportProgress: async ({ runId, epoch, done, perSecond }) => {
      await write(() => connection.run(REPORT_PROGRESS, { runId, epoch, done, perSecond, change: nextChange(connection) }));
    },
    reportStall: async ({ error, ...of }) => {
      await write(() => connection.run(REPORT_STALL, { ...of, error: toColumn(error) }) > 0 && noteChange(connection, of.runId));
    },
    request: (owner, id, request) =>
      write(() => {
        if (connection.run(REQUEST, { owner, id, request }) > 0) noteChange(connection, id);
        const run = get(owner, id);
        return run && isTerminal(run.status) ? null : run;
      }),
    get: (owner, id) => read(() => get(owner, id)),
    list: (owner, query) =>
      read(() => {
        const { sql, values } = listStatement(owner, query);
        return connection.all(sql, ...values).map(toRunRow);
      }),
    changesAfter: (query) => read(() => changesAfter(connection, query)),
    lastChange: (owner) => read(() => lastChange(connection, owner)),
    listOpen: (createdBefore, limit, after = BEFORE_ALL) =>
      read(() => connection.all(LIST_OPEN, createdBefore, after.createdAt, after.id, limit).map(toFullRunRow)),
    finishedAmong: (ids) =>
      read(() =>
        connection
          .all(FINISHED_AMONG, JSON.stringify(ids))
          .map((row) => ({ id: String(row['id']), finishedAt: Number(row['finished_at']) })),
      ),
    remove: (owner, id) =>
      write(() => connection.run(`DELETE FROM runs WHERE id = :id AND owner = :owner AND NOT (${IS_OPEN})`, { id, owner }) > 0),
    update,
    ...batchIntents(connection, { read, write }),
    ...uploadIntents(connection, { read, write }),
    ...scanIntents(connection, { write }),
    ...retentionIntents(connection, { read, write }),
    check: () => write(() => undefined),
    close: () => connection.close(),
  };
}
