import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { withStoreErrors } from './sqlite-errors.ts';

describe('withStoreErrors', () => {
  let folder: string;
  let db: DatabaseSync;
  const statement = (sql: string) => withStoreErrors('rows.sqlite', () => db.exec(sql));
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rows-'));
    db = new DatabaseSync(join(folder, 'rows.sqlite'), { timeout: 0 });
    db.exec('CREATE TABLE t (x BLOB UNIQUE)');
  });
  afterEach(() => {
    db.close();
    rmSync(folder, { recursive: true });
  });

  it('says to free space when the disk is full', () => {
    db.exec('PRAGMA max_page_count = 10');
    expect(() => statement('INSERT INTO t VALUES (zeroblob(1000000))')).toThrow(/the disk is full: free some space/);
  });

  it('says who may hold the lock when the file stays busy', () => {
    const other = new DatabaseSync(join(folder, 'rows.sqlite'));
    other.exec('BEGIN IMMEDIATE');
    expect(() => statement("INSERT INTO t VALUES ('x')")).toThrow(/another process holds its lock/);
    other.close();
  });

  it('says to make a read-only file writable', () => {
    db.exec('PRAGMA query_only = 1');
    expect(() => statement("INSERT INTO t VALUES ('x')")).toThrow(/read-only: make the file and its folder writable/);
  });

  it('lets a mistake in a statement through as it is', () => {
    expect(() => statement('SELECT FROM')).toThrow(/syntax error/);
    db.exec("INSERT INTO t VALUES ('x')");
    expect(() => statement("INSERT INTO t VALUES ('x')")).toThrow(/UNIQUE/);
  });
});
