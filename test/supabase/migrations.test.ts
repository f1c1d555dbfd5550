import { randomUUID } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { expect, inject, it, onTestFinished } from 'vitest';
import { owner, specOf } from '../../results/contract-rig.ts';
import { newRow } from '../../results/new-run.ts';
import type { FullRunRow } from '../../results/runs.ts';
import { sampleRef, sampleResult } from '../../results/sample-result.ts';
import { createSupabaseStore } from '../../results/supabase.ts';
import { runColumns } from '../../results/supabase-rows.ts';
import { MIGRATION_FILES, emptyDatabase, migrate, startSupabase } from '../rig/supabase.ts';

/** Migrations after which the tables of runs had changed. */
const EARLIER = ['lists', 'uploads', 'webhooks', 'every_schedule'];

function oldRun(change: Partial<FullRunRow>): FullRunRow {
  const row = newRow({ id: uuidv7(), kind: 'backtest', owner, spec: specOf({ tags: ['old'] }), total: 100, now: 1, batch: null });
  return { ...row, epoch: 1, sequence: 7, ...change };
}

it.for(EARLIER)('runs of before the migrations behind "%s" are all there, and go on', { timeout: 60_000 }, async (name, context) => {
  const postgres = inject('postgres');
  if ('missing' in postgres) return context.skip(postgres.missing);
  const database = `holdfast_${randomUUID().replaceAll('-', '')}`;
  const client = await emptyDatabase(postgres.port, database);
  const done = MIGRATION_FILES.findIndex((file) => file.endsWith(`_${name}.sql`)) + 1;
  expect(done).toBeGreaterThan(0);
  await migrate(client, MIGRATION_FILES.slice(0, done));
  const open = oldRun({ status: 'running', done: 40, checkpoint: sampleRef });
  const completed = oldRun({ status: 'completed', done: 100, finishedAt: 5, result: sampleResult, metrics: sampleResult.metrics });
  for (const run of [open, completed]) {
    await client.query('insert into public.runs select * from jsonb_populate_record(null::public.runs, $1)', [
      JSON.stringify(runColumns(run)),
    ]);
  }
  await migrate(client, MIGRATION_FILES.slice(done));
  await client.end();

  const supabase = await startSupabase(postgres.port, database);
  onTestFinished(() => supabase[Symbol.asyncDispose]());
  const store = createSupabaseStore(supabase);
  onTestFinished(() => store.close());
  expect(await store.get(owner, completed.id)).toMatchObject({
    status: 'completed',
    spec: completed.spec,
    result: sampleResult,
    finishedAt: 5,
  });
  expect((await store.listOpen(10, 9)).map(({ id, checkpoint }) => [id, checkpoint])).toEqual([[open.id, sampleRef]]);
  expect((await store.list(owner, { order: 'oldest', limit: 9 })).map(({ id }) => id).toSorted()).toEqual(
    [open.id, completed.id].toSorted(),
  );
  const end = { status: 'completed', phase: null, done: 100, result: sampleResult, finishedAt: 9 } as const;
  expect(await store.project({ runId: open.id, epoch: 1, sequence: 7, change: end })).toBe(false);
  expect(await store.project({ runId: open.id, epoch: 1, sequence: 8, change: end })).toBe(true);
  expect(await store.remove(owner, completed.id)).toBe(true);
});
