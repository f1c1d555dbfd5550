import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it, onTestFinished } from 'vitest';
import { startObjectStorage, type ObjectStorage } from '../rig/object-storage.ts';
import { startPostgres, type Postgres } from '../rig/postgres.ts';
import { QUICK_RECOVERY } from '../rig/quick-recovery.ts';
import { runUndisturbed } from '../rig/references.ts';
import { randomOf, seeds } from '../rig/seeds.ts';
import type { Service } from '../rig/service.ts';
import { killMidSlice, reached } from '../rig/slices.ts';
import { longRun } from '../rig/specs.ts';
import { migrateTemplate, startSupabase, whyNoSupabase, type Supabase } from '../rig/supabase.ts';
import { underFaults } from '../rig/under-faults.ts';

const missing = whyNoSupabase();
const spec = longRun(1.5);
const CUT_MS = 2_000;

let postgres: Postgres;
let storage: ObjectStorage;
beforeAll(async () => {
  if (missing !== null) return;
  postgres = await startPostgres();
  await migrateTemplate(postgres.port);
  storage = await startObjectStorage();
});
beforeEach((context) => {
  if (missing !== null) context.skip(missing);
});
afterAll(async () => {
  await storage?.[Symbol.asyncDispose]();
  await postgres?.[Symbol.asyncDispose]();
});

/** A service whose rows are in Supabase and whose files are in a bucket. */
async function onFarStores(test: (service: Service, supabase: Supabase) => Promise<void>): Promise<void> {
  const supabase = await startSupabase(postgres.port);
  onTestFinished(() => supabase[Symbol.asyncDispose]());
  const env = {
    ...QUICK_RECOVERY,
    ...storage.env,
    API_TOKEN: 'of-the-sole-owner-of-this-test',
    SUPABASE_URL: supabase.url,
    SUPABASE_SECRET_KEY: supabase.secretKey,
    HOLDFAST_ARTIFACTS: `s3://${storage.bucket}/files`,
    HOLDFAST_MODULES: path.resolve(import.meta.dirname, '../fixtures/modules'),
  };
  await underFaults({ temporalAddress: inject('temporalAddress'), env }, (service) => test(service, supabase));
}

/** What is done to the database under a run; each puts it right again. */
type Harm = (supabase: Supabase, service: Service, runId: string) => Promise<void>;

/** As `pg_ctl stop -m immediate`. */
const stopAtOnce: Harm = async (_, service, runId) => {
  await postgres.server.kill('SIGQUIT');
  await expectRefusing(service);
  expect(await service.get(`/v1/backtests/${runId}`)).toMatchObject({ status: 503, body: { code: 'store_unavailable' } });
  await postgres.start();
};

const endConnections: Harm = async (supabase) => {
  const until = performance.now() + CUT_MS;
  while (performance.now() < until) {
    await supabase.sql("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'authenticator'");
    await delay(100);
  }
};

/** As far as the rows go: PostgREST says of each transaction that it may write, so the setting of a whole database would count for nothing. */
const makeReadOnly: Harm = async (supabase, service, runId) => {
  await supabase.sql(`
    create function private.refuse() returns trigger language plpgsql as
      $$ begin raise read_only_sql_transaction using message = 'cannot execute UPDATE in a read-only transaction'; end $$;
    create trigger read_only before insert or update on private.owners execute function private.refuse()`);
  await expectRefusing(service);
  expect((await service.get(`/v1/backtests/${runId}`)).status).toBe(200);
  await supabase.sql('drop function private.refuse cascade');
};

/** Nothing is accepted, and that is said in words; the process itself is well. */
async function expectRefusing(service: Service): Promise<void> {
  expect(await service.post('/v1/backtests', spec)).toMatchObject({ status: 503, body: { code: 'store_unavailable' } });
  expect((await service.get('/healthz')).status).toBe(200);
  expect(await service.get('/readyz')).toMatchObject({ status: 503, body: { dependencies: { rows: { ok: false } } } });
}

describe('rows in Supabase and files in a bucket', { timeout: 300_000 }, () => {
  it.each(seeds())('a database that stops at once, ends connections, and is read-only for a while costs time only (seed %i)', (seed) =>
    onFarStores(async (service, supabase) => {
      const random = randomOf(seed);
      await service.startWorker();
      await runUndisturbed(service, spec);
      for (const harm of [stopAtOnce, endConnections, makeReadOnly]) {
        const run = await service.submit(spec);
        await reached(service, run.id, random.between(0.1, 0.7));
        await harm(supabase, service, run.id);
        await service.completed(run.id);
      }
    }),
  );

  it('a worker that is killed with -9 is taken over by one with an empty disk, while files that nothing names are removed', () =>
    onFarStores(async (service) => {
      const worker = await service.startWorker();
      await runUndisturbed(service, spec);
      const ofModule = { ...spec, strategy: { name: 'counts-bars' } };
      const [run, other] = [await service.submit(spec), await service.submit(ofModule)];
      await killMidSlice(service, worker, run.id, 1);
      const empty = mkdtempSync(path.join(tmpdir(), 'holdfast-empty-'));
      onTestFinished(() => rmSync(empty, { recursive: true, force: true }));
      const { artifacts } = service.openFiles();
      const unnamed = await artifacts.put('eve', Buffer.from('nobody knows'));
      await storage.age(25);
      await service.startWorker({ HOLDFAST_HOME: empty });
      const workflowId = `tidy/${service.taskQueue}/now`;
      const tidied = await service.temporal.workflow.execute('tidy', { workflowId, taskQueue: service.taskQueue });
      expect(tidied).toMatchObject({ rows: 0, named: expect.any(Number), removed: expect.any(Number) });
      await expect(artifacts.verify(unnamed)).rejects.toMatchObject({ code: 'artifact_missing' });
      await service.completed(run.id);
      await service.completed(other.id);
      await runUndisturbed(service, ofModule);
    }));
});
