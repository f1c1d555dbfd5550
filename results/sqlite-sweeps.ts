import type { ArtifactRef } from '../shared/artifact.ts';
import { isTerminal } from '../shared/names.ts';
import type { FullRunRow } from './runs.ts';
import { noteChange } from './sqlite-changes.ts';
import type { Connection } from './sqlite-connection.ts';
import { FULL_COLUMNS, json, toFullRunRow, type SqliteRow } from './sqlite-rows.ts';
import { bookUsage } from './sqlite-quotas.ts';
import { keepKey, runOfKey } from './sqlite-submit.ts';
import type { Extended, Extension, SweepStore, TrialShard, TrialTable } from './sweeps.ts';

const EXTEND = `UPDATE runs SET spec = json_set(spec, '$.search.trials', :trials), total = :trials, version = version + 1 WHERE id = :id`;
const OPEN_AGAIN = `UPDATE runs SET status = 'queued', phase = NULL, finished_at = NULL, result = NULL, error = NULL
  WHERE id = :id AND status = 'completed'`;

// As the partial index `sweeps_running` has it.
const RUNNING = `SELECT count(*) AS sweeps FROM runs WHERE owner = ? AND kind = 'sweep' AND status = 'running'`;

// Shards do not overlap: of those that begin before a trial, only the last one can reach beyond it.
const LAST_BEFORE =
  'SELECT first + count AS "to" FROM trial_shards WHERE sweep_id = ? AND family = ? AND first < ? ORDER BY first DESC LIMIT 1';
const INSERT_SHARD = `INSERT INTO trial_shards (sweep_id, family, first, count, cached, cpu_seconds, ref)
  VALUES (:sweepId, :family, :first, :count, :cached, :cpuSeconds, :ref)`;
const OF_FAMILY = 'sweep_id = :sweepId AND family = :family';
const SHARDS = `SELECT * FROM trial_shards WHERE ${OF_FAMILY} AND first + count > :from
  AND first >= coalesce((SELECT max(first) FROM trial_shards WHERE ${OF_FAMILY} AND first <= :from), 0) ORDER BY first LIMIT :limit`;
const LARGEST = 'SELECT family FROM trial_shards WHERE sweep_id = ? GROUP BY family ORDER BY sum(count) DESC, family LIMIT 1';

// Two sweeps may have computed the same trials at the same time.
const INSERT_TABLE = 'INSERT OR IGNORE INTO trial_tables (owner, family, uri, ref) VALUES (:owner, :family, :uri, :ref)';
const TABLES = 'SELECT owner, family, ref FROM trial_tables WHERE owner = ? AND family IN (SELECT value FROM json_each(?)) ORDER BY id';
const DROP_TABLES = `DELETE FROM trial_tables
  WHERE owner = :owner AND family = :family AND uri IN (SELECT value FROM json_each(:uris))`;
const COUNT_TABLES = `SELECT count(*) AS tables FROM trial_tables
  WHERE owner = ? AND family = ? AND uri IN (SELECT value FROM json_each(?))`;

interface Transactions {
  read: <T>(statements: () => T) => Promise<T>;
  write: <T>(statements: () => T) => Promise<T>;
}

/** What of a store is about sweeps. */
export function sweepIntents(connection: Connection, { read, write }: Transactions): SweepStore {
  return {
    extendSweep: (extension) => write(() => extend(connection, extension)),
    lookAtSweep: (id) =>
      read(() => {
        const sweep = sweepOf(connection, id);
        return sweep && { sweep, running: Math.max(1, Number(connection.one(RUNNING, sweep.owner)?.['sweeps'])) };
      }),
    storeShard: (shard, table) => write(() => storeShard(connection, shard, table)),
    shardsOf: ({ sweepId, family }, from, limit) => read(() => connection.all(SHARDS, { sweepId, family, from, limit }).map(toShard)),
    familyOf: (sweepId) => read(() => (connection.one(LARGEST, sweepId)?.['family'] ?? null) as string | null),
    trialTables: (owner, families) => read(() => connection.all(TABLES, owner, JSON.stringify(families)).map(toTable)),
    mergeTrialTables: (into, merged) => write(() => merge(connection, into, JSON.stringify(merged.map(({ uri }) => uri)), merged.length)),
  };
}

function sweepOf(connection: Connection, id: string): FullRunRow<'sweep'> | null {
  const row = connection.one(`SELECT ${FULL_COLUMNS} FROM runs WHERE id = ? AND kind = 'sweep'`, id);
  return row ? toFullRunRow<'sweep'>(row) : null;
}

/** To be called in a transaction, as are those below. */
function extend(connection: Connection, { owner, id, trials, idempotency, limits }: Extension): Extended {
  const now = Date.now();
  const known = runOfKey<'sweep'>(connection, { owner, idempotency, now });
  if (known === 'key_reused') return { outcome: 'key_reused' };
  if (known) return { outcome: 'extended', sweep: known };
  const sweep = sweepOf(connection, id);
  if (sweep === null || sweep.owner !== owner) return { outcome: 'unknown' };
  const isStopped = ['failed', 'cancelled', 'cancelling'].includes(sweep.status) || sweep.requested === 'cancel';
  if (isStopped || sweep.total >= trials) return { outcome: 'refused', sweep };
  const runs = isTerminal(sweep.status) ? 1 : 0;
  const over = bookUsage(connection, { owner, limits, now, runs, trials: trials - sweep.total });
  if (over) return over;
  connection.run(EXTEND, { id, trials });
  if (connection.run(OPEN_AGAIN, { id }) > 0) noteChange(connection, id);
  keepKey(connection, { owner, idempotency, runId: id });
  return { outcome: 'extended', sweep: sweepOf(connection, id)! };
}

function storeShard(connection: Connection, { ref, ...shard }: TrialShard, table: ArtifactRef | null): boolean {
  const { sweepId, family, first, count } = shard;
  const reaches = Number(connection.one(LAST_BEFORE, sweepId, family, first + count)?.['to'] ?? 0);
  const sweep = sweepOf(connection, sweepId);
  if (reaches > first || sweep === null) return false;
  connection.run(INSERT_SHARD, { ...shard, ref: JSON.stringify(ref) });
  if (table) insertTable(connection, { owner: sweep.owner, family, ref: table });
  return true;
}

function insertTable(connection: Connection, { owner, family, ref }: TrialTable): void {
  connection.run(INSERT_TABLE, { owner, family, uri: ref.uri, ref: JSON.stringify(ref) });
}

function merge(connection: Connection, into: TrialTable, uris: string, count: number): boolean {
  const { owner, family } = into;
  if (Number(connection.one(COUNT_TABLES, owner, family, uris)?.['tables']) < count) return false;
  connection.run(DROP_TABLES, { owner, family, uris });
  insertTable(connection, into);
  return true;
}

function toShard(row: SqliteRow): TrialShard {
  return {
    sweepId: row['sweep_id'],
    family: row['family'],
    first: row['first'],
    count: row['count'],
    cached: row['cached'],
    cpuSeconds: row['cpu_seconds'],
    ref: json(row['ref']),
  } as TrialShard;
}

function toTable(row: SqliteRow): TrialTable {
  return { owner: row['owner'], family: row['family'], ref: json(row['ref']) } as TrialTable;
}
