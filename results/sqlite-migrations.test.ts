import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { owner, specOf } from './contract-rig.ts';
import { foldName } from './fold.ts';
import { sampleRef, sampleResult } from './sample-result.ts';
import { createSqliteStore } from './sqlite.ts';
import { toColumn } from './sqlite-rows.ts';

const SCHEMA = path.join(import.meta.dirname, 'sqlite-schema');
const STEPS = readdirSync(SCHEMA).sort();

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'rows-'));
  file = path.join(folder, 'rows.sqlite');
});
afterEach(() => rmSync(folder, { recursive: true }));

const spec = specOf({ name: 'Of long ago', tags: ['old'] });
const OLD = {
  open: { id: 'run-1', status: 'running', phase: 'simulate', created_at: 1, done: 40, checkpoint: sampleRef },
  completed: {
    id: 'run-2',
    status: 'completed',
    created_at: 2,
    done: 100,
    finished_at: 5,
    result: sampleResult,
    metrics: sampleResult.metrics,
  },
  failed: { id: 'run-3', status: 'failed', created_at: 3, done: 0, finished_at: 6, error: { code: 'no_data', message: 'none' } },
};

/** A file as the version of so many steps left it, with runs in the columns that every version had. */
function writtenBy(steps: number): void {
  const db = new DatabaseSync(file);
  db.exec('PRAGMA journal_mode = wal');
  for (const step of STEPS.slice(0, steps)) db.exec(readFileSync(path.join(SCHEMA, step), 'utf8'));
  db.exec(`PRAGMA user_version = ${steps}`);
  const what = { kind: 'backtest', owner, name: spec.name!, name_folded: foldName(spec.name!), tags: spec.tags, timeframe: '1d' };
  const same = { ...what, strategy: 'sma-cross', symbols: ['AAPL'], spec, total: 100, per_second: 0, epoch: 1, sequence: 7, version: 3 };
  for (const run of Object.values(OLD)) {
    const row = Object.entries({ ...same, ...run });
    const names = row.map(([name]) => name);
    db.prepare(`INSERT INTO runs (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`).run(
      ...row.map(([, value]) => toColumn(value)),
    );
    db.prepare('INSERT INTO run_labels (owner, label, created_at, id) VALUES (?, ?, ?, ?)').run(owner, 'tag:old', run.created_at, run.id);
  }
  db.close();
}

describe('rows of an earlier version', () => {
  it.each(STEPS.slice(0, -1).map((name, k) => ({ name, steps: k + 1 })))(
    'of the schema $name are all there, and go on',
    async ({ steps }) => {
      writtenBy(steps);
      const store = createSqliteStore({ file, sync: 'normal' });
      const completed = await store.get(owner, OLD.completed.id);
      expect(completed).toMatchObject({ status: 'completed', spec, result: sampleResult, tags: ['old'], done: 100, finishedAt: 5 });
      expect(await store.get(owner, OLD.failed.id)).toMatchObject({ status: 'failed', error: OLD.failed.error, result: null });
      expect((await store.list(owner, { order: 'oldest', tag: 'old', text: 'LONG', limit: 9 })).map(({ id }) => id)).toEqual([
        'run-1',
        'run-2',
        'run-3',
      ]);
      expect((await store.listOpen(10, 9)).map(({ id, checkpoint }) => [id, checkpoint])).toEqual([['run-1', sampleRef]]);

      const end = { status: 'completed', phase: null, done: 100, result: sampleResult, finishedAt: 9 } as const;
      // What a workflow of then still writes does not count, what is newer does.
      expect(await store.project({ runId: 'run-1', epoch: 1, sequence: 7, change: end })).toBe(false);
      expect(await store.project({ runId: 'run-1', epoch: 1, sequence: 8, change: end })).toBe(true);
      expect((await store.changesAfter({ owner, runId: 'run-1', after: 0, limit: 9 })).at(-1)).toMatchObject({ kind: 'done', done: 100 });
      expect(await store.remove(owner, OLD.failed.id)).toBe(true);
      const submitted = await store.submit({ id: 'run-4', kind: 'backtest', owner, spec, total: 1, idempotency: null });
      expect(submitted.outcome).toBe('accepted');
      store.close();
    },
  );

  it('of a later version are left alone, in words', () => {
    writtenBy(STEPS.length);
    const db = new DatabaseSync(file);
    db.exec(`PRAGMA user_version = ${STEPS.length + 1}`);
    db.close();
    expect(() => createSqliteStore({ file, sync: 'normal' })).toThrow(/update the program/);
  });
});
