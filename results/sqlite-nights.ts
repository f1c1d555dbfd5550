import type { RunKind } from '../shared/names.ts';
import type { Submitted } from './runs.ts';
import type { NewNight, NightQuery, NightRow, ScheduleStore } from './schedules.ts';
import type { Connection } from './sqlite-connection.ts';
import { FULL_COLUMNS, LIGHT_COLUMNS, json, toColumn, toFullRunRow, toRunRow, type SqliteRow } from './sqlite-rows.ts';
import { submit } from './sqlite-submit.ts';

interface Transactions {
  read: <T>(statements: () => T) => Promise<T>;
  write: <T>(statements: () => T) => Promise<T>;
}

type NightIntents = Pick<ScheduleStore, 'submitNight' | 'refuseNight' | 'compareNight' | 'nights' | 'nightOf'>;

const INSERT = `INSERT OR IGNORE INTO nights (launch, schedule_id, owner, nominal_at, launched_at, run_id, error)
  VALUES (:launch, :scheduleId, :owner, :nominalAt, :now, :runId, :error)`;

/** Names that a night and its run share are told apart. */
const COLUMNS = `nights.launch, nights.schedule_id, nights.nominal_at, nights.launched_at, nights.run_id, nights.owner AS night_owner,
  nights.error AS night_error, nights.comparison, ${LIGHT_COLUMNS.replace(/\w+/g, 'runs.$&')}`;

/** What of a store is about the nights of schedules. */
export function nightIntents(connection: Connection, { read, write }: Transactions): NightIntents {
  return {
    submitNight: (night) => write(() => submitNight(connection, night)),
    refuseNight: async ({ error, ...night }) => {
      await write(() => connection.run(INSERT, { ...night, runId: null, error: toColumn(error), now: Date.now() }));
    },
    compareNight: async (launch, comparison) => {
      const sql = 'UPDATE nights SET comparison = :comparison WHERE launch = :launch';
      await write(() => connection.run(sql, { launch, comparison: toColumn(comparison) }));
    },
    nights: (owner, scheduleId, query) =>
      read(() => {
        const { sql, values } = nightsStatement(owner, scheduleId, query);
        return connection.all(sql, ...values).map(toNightRow);
      }),
    nightOf: (owner, runId) =>
      read(() => {
        const sql = `SELECT ${COLUMNS} FROM nights LEFT JOIN runs ON runs.id = nights.run_id WHERE nights.run_id = ? AND nights.owner = ?`;
        const row = connection.one(sql, runId, owner);
        return row ? toNightRow(row) : null;
      }),
  };
}

/** To be called in a transaction. */
function submitNight<Kind extends RunKind>(
  connection: Connection,
  { kind, spec, total, limits = {}, runId, again, ...night }: NewNight<Kind>,
): Submitted<Kind> {
  const { owner, launch } = night;
  const runOf = (id: string) => connection.one(`SELECT ${FULL_COLUMNS} FROM runs WHERE id = ? AND owner = ?`, id, owner);
  const launched = connection.one('SELECT run_id FROM nights WHERE launch = ?', launch)?.['run_id'];
  const before = typeof launched === 'string' ? runOf(launched) : undefined;
  if (before) return { outcome: 'replayed', run: toFullRunRow<Kind>(before) };
  const id = runOf(runId) ? again : runId;
  const submitted = submit(connection, { id, kind, owner, spec, total, limits, idempotency: null });
  if (submitted.outcome === 'accepted') connection.run(INSERT, { ...night, runId: id, error: null, now: Date.now() });
  return submitted;
}

function nightsStatement(owner: string, scheduleId: string, { limit, until, completed, after }: NightQuery) {
  const terms: [condition: string, ...values: (string | number)[]][] = [
    ['nights.schedule_id = ?', scheduleId],
    ['nights.owner = ?', owner],
    ...(until === undefined ? [] : [['nights.nominal_at <= ?', until] satisfies [string, number]]),
    ...(completed ? [["runs.status = 'completed'"] satisfies [string]] : []),
    ...(after === undefined
      ? []
      : [['(nights.nominal_at, nights.launch) < (?, ?)', after.nominalAt, after.launch] satisfies [string, number, string]]),
  ];
  const where = terms.map(([condition]) => condition).join(' AND ');
  return {
    sql: `SELECT ${COLUMNS} FROM nights LEFT JOIN runs ON runs.id = nights.run_id WHERE ${where}
      ORDER BY nights.nominal_at DESC, nights.launch DESC LIMIT ?`,
    values: [...terms.flatMap(([, ...values]) => values), limit],
  };
}

function toNightRow(row: SqliteRow): NightRow {
  return {
    launch: row['launch'],
    scheduleId: row['schedule_id'],
    owner: row['night_owner'],
    nominalAt: row['nominal_at'],
    launchedAt: row['launched_at'],
    runId: row['run_id'],
    run: row['id'] === null ? null : toRunRow(row),
    error: json(row['night_error']),
    comparison: json(row['comparison']),
  } as NightRow;
}
