import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';
import type { SqliteRow } from './sqlite-rows.ts';
import { migrate } from './sqlite-schema.ts';

/** The first process makes the tables, and the others wait for it. */
const OPENING_MS = 5_000;
/** SQLite waits for a lock by standing still, and the whole process with it: longer waits are made of tries. */
const BUSY_MS = 20;

type Value = string | number | null;

export interface Connection {
  /** First row of a query. */
  one(sql: string, ...values: Value[]): SqliteRow | undefined;
  /** All rows of a query with values by position, or by name. */
  all(sql: string, ...values: Value[] | [Record<string, Value>]): SqliteRow[];
  /** Executes a write with named values; gives the number of rows it changed. */
  run(sql: string, values: Record<string, Value>): number;
  /** Several statements, all or nothing. */
  transaction<T>(statements: () => T): T;
  close(): void;
}

/** Opens the file, made with its folder and tables when missing. Statements wait for other processes for a blink only. */
export function connect(file: string, sync: 'normal' | 'full'): Connection {
  mkdirSync(dirname(file), { recursive: true });
  const db = new DatabaseSync(file, { timeout: OPENING_MS });
  try {
    db.exec(`PRAGMA journal_mode = wal; PRAGMA synchronous = ${sync}`);
    migrate(db);
    db.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
    return connectionOf(db);
  } catch (error) {
    db.close();
    throw error;
  }
}

function connectionOf(db: DatabaseSync): Connection {
  const compiled = new Map<string, StatementSync>();
  const statement = (sql: string): StatementSync => {
    const known = compiled.get(sql);
    if (known) return known;
    const fresh = db.prepare(sql);
    compiled.set(sql, fresh);
    return fresh;
  };
  return {
    one: (sql, ...values) => statement(sql).get(...values),
    // The library declares the two ways apart.
    all: (sql, ...values) => statement(sql).all(...(values as Value[])),
    run: (sql, values) => Number(statement(sql).run(values).changes),
    transaction: (statements) => {
      // IMMEDIATE: a reader that turns writer halfway gets SQLITE_BUSY without any waiting.
      db.exec('BEGIN IMMEDIATE');
      try {
        const outcome = statements();
        db.exec('COMMIT');
        return outcome;
      } catch (error) {
        if (db.isTransaction) db.exec('ROLLBACK');
        throw error;
      }
    },
    close: () => {
      if (db.isOpen) db.close();
    },
  };
}
