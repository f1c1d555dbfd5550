import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { startPostgres, type Postgres } from '../rig/postgres.ts';
import { QUICK_RECOVERY } from '../rig/quick-recovery.ts';
import { runUndisturbed } from '../rig/references.ts';
import { randomOf, seeds } from '../rig/seeds.ts';
import type { Service } from '../rig/service.ts';
import { reached } from '../rig/slices.ts';
import { longRun } from '../rig/specs.ts';
import { migrateTemplate, startSupabase, whyNoSupabase, type Supabase } from '../rig/supabase.ts';
import { underFaults } from '../rig/under-faults.ts';

const missing = whyNoSupabase();
const spec = longRun(3);
const DOWN_MS = 3_000;

let postgres: Postgres;
beforeAll(async () => {
  if (missing !== null) return;
  postgres = await startPostgres();
  await migrateTemplate(postgres.port);
});
beforeEach((context) => {
  if (missing !== null) context.skip(missing);
});
afterAll(() => postgres?.[Symbol.asyncDispose]());

/** A run of a service whose rows are in Supabase: when it has got to a random place, `harm` is done, and it must complete all the same. */
async function harmed(seed: number, harm: (supabase: Supabase, service: Service, runId: string) => Promise<void>): Promise<void> {
  await using supabase = await startSupabase(postgres.port);
  const env = { ...QUICK_RECOVERY, SUPABASE_URL: supabase.url, SUPABASE_SECRET_KEY: supabase.secretKey };
  await underFaults({ temporalAddress: inject('temporalAddress'), env }, async (service) => {
    await service.startWorker();
    await runUndisturbed(service, spec);
    const run = await service.submit(spec);
    await reached(service, run.id, randomOf(seed).between(0.1, 0.7));
    await harm(supabase, service, run.id);
    await service.completed(run.id);
  });
}

/** Nothing is accepted, and that is said in words; the process itself is well. */
async function expectRefusing(service: Service): Promise<void> {
  expect(await service.post('/v1/backtests', spec)).toMatchObject({ status: 503, body: { code: 'store_unavailable' } });
  expect((await service.get('/healthz')).status).toBe(200);
  expect(await service.get('/readyz')).toMatchObject({ status: 503, body: { dependencies: { rows: { ok: false } } } });
}

describe('a database of rows', { timeout: 300_000 }, () => {
  it.each(seeds())('that is stopped at once and started again costs time only (seed %i)', (seed) =>
    harmed(seed, async (_, service, runId) => {
      await postgres.server.kill('SIGQUIT'); // as `pg_ctl stop -m immediate`
      await expectRefusing(service);
      expect(await service.get(`/v1/backtests/${runId}`)).toMatchObject({ status: 503, body: { code: 'store_unavailable' } });
      await postgres.start();
    }),
  );

  it.each(seeds())('that ends its connections again and again is asked again (seed %i)', (seed) =>
    harmed(seed, async (supabase) => {
      const until = performance.now() + DOWN_MS;
      while (performance.now() < until) {
        await supabase.sql("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'authenticator'");
        await delay(100);
      }
    }),
  );

  it.each(seeds())('that is read-only for a while is read, and written to later (seed %i)', (seed) =>
    harmed(seed, async (supabase, service, runId) => {
      const readOnly = (on: boolean) =>
        supabase.sql(`alter role authenticator set default_transaction_read_only = ${on}`).then(() =>
          // The setting is that of new connections.
          supabase.sql("select pg_terminate_backend(pid) from pg_stat_activity where usename = 'authenticator'"),
        );
      await readOnly(true);
      await expectRefusing(service);
      expect((await service.get(`/v1/backtests/${runId}`)).status).toBe(200);
      await readOnly(false);
    }),
  );
});
