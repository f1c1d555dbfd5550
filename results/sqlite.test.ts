import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeResultStore } from './contract.ts';
import { changesStatement } from './sqlite-changes.ts';
import { listStatement } from './sqlite-list.ts';
import { LIST_OPEN, createSqliteStore } from './sqlite.ts';
import type { RunQuery } from './runs.ts';

describeResultStore('SQLite', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rows-'));
  return {
    open: () => createSqliteStore({ file: join(folder, 'rows.sqlite'), sync: 'normal' }),
    dispose: () => rmSync(folder, { recursive: true }),
  };
});

describe('createSqliteStore', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'rows-'));
    file = join(folder, 'deep', 'rows.sqlite');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('makes missing folders and uses a write-ahead log', () => {
    createSqliteStore({ file, sync: 'full' }).close();
    const db = new DatabaseSync(file);
    expect(db.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    db.close();
  });

  it('accepts one run when four processes open a new file and submit with one key at once', async () => {
    const program = `
      import { createSqliteStore } from ${JSON.stringify(fileURLToPath(new URL('sqlite.ts', import.meta.url)))};
      import { BacktestSpec } from ${JSON.stringify(fileURLToPath(new URL('../shared/spec.ts', import.meta.url)))};
      const spec = BacktestSpec.parse({ data: { source: 'sample', symbols: ['AAPL'] }, strategy: { name: 'sma-cross' } });
      process.stdin.once('data', async () => {
        const store = createSqliteStore({ file: ${JSON.stringify(file)}, sync: 'normal' });
        const outcomes = [];
        for (let i = 0; i < 25; i++) {
          const idempotency = { key: 'k', fingerprint: 'f', expiresAt: Date.now() + 60_000 };
          const submission = { id: crypto.randomUUID(), kind: 'backtest', owner: 'local', spec, total: 0, idempotency };
          outcomes.push((await store.submit(submission)).outcome);
        }
        process.stdout.end(JSON.stringify(outcomes));
        process.stdin.destroy();
      });
      process.stderr.write('ready');`;
    const children = Array.from({ length: 4 }, () => spawn(process.execPath, ['--input-type=module', '--eval', program]));
    await Promise.all(children.map((child) => once(child.stderr, 'data')));
    for (const child of children) child.stdin.write('go');
    const outputs = await Promise.all(children.map(async (child) => JSON.parse(String(await child.stdout.toArray()))));
    const outcomes: string[] = outputs.flat();
    expect(outcomes.filter((outcome) => outcome === 'accepted')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'replayed')).toHaveLength(99);
  }, 30_000);

  it('lets the process go on while another one holds the lock, and writes when it is free', async () => {
    const store = createSqliteStore({ file, sync: 'normal' });
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    let beats = 0;
    const timer = setInterval(() => {
      beats += 1;
      if (beats === 5) other.exec('COMMIT');
    }, 10);
    await store.check();
    clearInterval(timer);
    expect(beats).toBeGreaterThanOrEqual(5);
    other.close();
    store.close();
  });

  it('says what to do when the file is no database', () => {
    file = join(folder, 'rows.sqlite');
    writeFileSync(file, 'not a database, and long enough to have a header'.repeat(40));
    expect(() => createSqliteStore({ file, sync: 'normal' })).toThrow(/move it away, or set HOLDFAST_HOME/);
  });

  it('says what to do when the file cannot be opened', () => {
    expect(() => createSqliteStore({ file: folder, sync: 'normal' })).toThrow(/check that its folder exists and is writable/);
  });

  it('refuses a file of a later version', () => {
    createSqliteStore({ file, sync: 'normal' }).close();
    const db = new DatabaseSync(file);
    db.exec('PRAGMA user_version = 99');
    db.close();
    expect(() => createSqliteStore({ file, sync: 'normal' })).toThrow(/schema 99.*update the program/);
  });
});

describe('list statements', () => {
  const base: RunQuery = { order: 'newest', limit: 50 };
  const after = { createdAt: 5, id: 'x' };
  const forms: [string, Partial<RunQuery>, string][] = [
    ['everything', {}, 'runs_by_time (owner=?)'],
    ['oldest first', { order: 'oldest' }, 'runs_by_time (owner=?)'],
    ['a later page', { after }, 'runs_by_time (owner=? AND (created_at,id)<(?,?))'],
    ['a range of time', { createdFrom: 1, createdTo: 9 }, 'runs_by_time (owner=? AND created_at>? AND created_at<?)'],
    ['statuses', { statuses: ['queued', 'running'] }, 'runs_by_time (owner=?)'],
    ['a strategy', { strategy: 'sma-cross' }, 'runs_by_time (owner=?)'],
    ['a text', { text: 'apple' }, 'runs_by_name (owner=?)'],
    ['a symbol', { symbol: 'AAPL' }, 'PRIMARY KEY (owner=? AND label=?)'],
    ['a tag', { tag: 'demo', after }, 'PRIMARY KEY (owner=? AND label=? AND (created_at,id)<(?,?))'],
    ['a symbol and a tag', { symbol: 'AAPL', tag: 'demo' }, '(id=? AND owner=? AND label=? AND created_at=?)'],
    ['a symbol in a batch', { symbol: 'AAPL', batchId: 'b' }, 'runs_by_time (owner=? AND created_at=? AND id=?)'],
    ['a tag and a text', { tag: 'demo', text: 'apple' }, 'runs_by_name (owner=? AND created_at=? AND id=?)'],
  ];

  it.each(forms)('walk an index for %s and sort nothing', (_, query, index) => {
    const folder = mkdtempSync(join(tmpdir(), 'rows-'));
    const file = join(folder, 'rows.sqlite');
    createSqliteStore({ file, sync: 'normal' }).close();
    const db = new DatabaseSync(file);
    const { sql, values } = listStatement('local', { ...base, ...query });
    const plan = db
      .prepare(`EXPLAIN QUERY PLAN ${sql}`)
      .all(...values)
      .map((step) => String(step['detail']));
    const open = db
      .prepare(`EXPLAIN QUERY PLAN ${LIST_OPEN}`)
      .all(5, 4, 'x', 5)
      .map((step) => String(step['detail']));
    db.close();
    rmSync(folder, { recursive: true });
    expect(plan.join('\n')).toContain(index);
    expect(plan.join('\n')).not.toMatch(/TEMP B-TREE|SCAN/);
    expect(open).toEqual(['SEARCH runs USING INDEX runs_open ((created_at,id)>(?,?) AND created_at<?)']);
  });
});

describe('the list of all owners', () => {
  it.each([
    ['everything', {}, 'SCAN runs USING INDEX runs_of_all'],
    ['a later page', { after: { createdAt: 5, id: 'x' } }, 'SEARCH runs USING INDEX runs_of_all ((created_at,id)<(?,?))'],
  ])('walks an index for %s and sorts nothing', (_, query, plan) => {
    const folder = mkdtempSync(join(tmpdir(), 'rows-'));
    const file = join(folder, 'rows.sqlite');
    createSqliteStore({ file, sync: 'normal' }).close();
    const db = new DatabaseSync(file);
    const { sql, values } = listStatement(null, { order: 'newest', limit: 50, ...query });
    expect(db.prepare(`EXPLAIN QUERY PLAN ${sql}`).all(...values)).toMatchObject([{ detail: plan }]);
    db.close();
    rmSync(folder, { recursive: true });
  });
});

describe('the statement for changes', () => {
  it.each([
    ['all runs', false],
    ['one run', true],
  ])('walks an index for %s, for kept changes and for live progress', (_, ofRun) => {
    const folder = mkdtempSync(join(tmpdir(), 'rows-'));
    const file = join(folder, 'rows.sqlite');
    createSqliteStore({ file, sync: 'normal' }).close();
    const db = new DatabaseSync(file);
    const values = { owner: 'local', after: 5, limit: 9, ...(ofRun && { runId: 'x' }) };
    const plan = db.prepare(`EXPLAIN QUERY PLAN ${changesStatement(ofRun)}`).all(values);
    db.close();
    rmSync(folder, { recursive: true });
    const steps = plan.map((step) => String(step['detail'])).filter((step) => step.startsWith('SEARCH'));
    expect(steps).toEqual([
      expect.stringContaining(ofRun ? 'run_changes_by_run (run_id=? AND change>?)' : 'run_changes_by_owner (owner=? AND change>?)'),
      'SEARCH r USING INDEX sqlite_autoindex_runs_1 (id=?)',
      expect.stringContaining(ofRun ? '(id=?)' : 'runs_by_change (owner=? AND change>?)'),
      expect.stringContaining('PRIMARY KEY (rowid=?)'),
    ]);
  });
});
