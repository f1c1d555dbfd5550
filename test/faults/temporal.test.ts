import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { startFlakyProxy, type Weather } from '../rig/flaky-proxy.ts';
import { QUICK_RECOVERY } from '../rig/quick-recovery.ts';
import { runUndisturbed } from '../rig/references.ts';
import { alike, randomOf, seeds } from '../rig/seeds.ts';
import type { Service } from '../rig/service.ts';
import { reached } from '../rig/slices.ts';
import { longRun } from '../rig/specs.ts';
import { startOwnTemporal, type OwnTemporal } from '../rig/temporal-server.ts';
import { underFaults } from '../rig/under-faults.ts';

const spec = longRun(2);
/** An answer that needs a dependency which is away must still be there after this long. */
const ANSWER_MS = 5_000;

describe('a Temporal server that is killed with -9', { timeout: 300_000 }, () => {
  let temporal: OwnTemporal;
  beforeAll(async () => void (temporal = await startOwnTemporal()));
  afterAll(() => temporal?.[Symbol.asyncDispose]());

  it.each(seeds())('leaves the API able to answer, and its runs go on when it is back (seed %i)', (seed) =>
    underFaults({ temporalAddress: temporal.address, env: QUICK_RECOVERY }, async (service) => {
      await service.startWorker();
      await runUndisturbed(service, spec);
      const run = await service.submit(spec);
      await reached(service, run.id, randomOf(seed).between(0.1, 0.7));
      await temporal.server.kill('SIGKILL');
      await expectServing(service, run.id);
      await temporal.start();
      await service.completed(run.id);
    }),
  );

  it.each(seeds())('together with every worker and the API loses nothing that was accepted (seed %i)', (seed) =>
    underFaults({ temporalAddress: temporal.address, env: QUICK_RECOVERY }, async (service) => {
      const worker = await service.startWorker();
      await runUndisturbed(service, spec);
      const runs = await Promise.all([1, 2].map(() => service.submit(spec)));
      await reached(service, runs[0]!.id, randomOf(seed).between(0, 0.7));
      runs.push(await service.submit(spec));
      await Promise.all([worker, service.api, temporal.server].map((each) => each.kill('SIGKILL')));
      // In the worst order: what needs Temporal comes first.
      const started = [service.startApi(), service.startWorker()];
      await delay(1_000);
      await temporal.start();
      await Promise.all(started);
      await Promise.all(runs.map(({ id }) => service.completed(id)));
    }),
  );
});

describe('a network to Temporal', { timeout: 300_000 }, () => {
  const cases = alike<Weather>(['half-open', 'lossy', 'cut', 'slow'], 1).flatMap((weather) => seeds().map((seed) => ({ weather, seed })));

  it.each(cases)(
    'that is $weather for some seconds between the workers and the server costs time only (seed $seed)',
    async ({ weather, seed }) => {
      const random = randomOf(seed);
      const proxy = await startFlakyProxy(inject('temporalAddress'), () => random.uniform());
      onTestFinished(() => proxy[Symbol.asyncDispose]());
      await underFaults({ temporalAddress: inject('temporalAddress'), env: QUICK_RECOVERY }, async (service) => {
        await service.startWorker({ TEMPORAL_ADDRESS: proxy.address });
        await runUndisturbed(service, spec);
        const run = await service.submit(spec);
        await reached(service, run.id, random.between(0.1, 0.6));
        proxy.become(weather);
        await delay(random.between(2_500, 4_000));
        proxy.become('fair');
        await service.completed(run.id);
      });
    },
  );

  it.each(alike<Weather>(['half-open', 'cut'], 1))(
    'that is %s between the API and the server leaves the API able to answer',
    async (weather) => {
      const proxy = await startFlakyProxy(inject('temporalAddress'), () => 1);
      onTestFinished(() => proxy[Symbol.asyncDispose]());
      await underFaults({ temporalAddress: inject('temporalAddress'), env: QUICK_RECOVERY }, async (service) => {
        await service.api.kill('SIGTERM');
        await service.startApi({ TEMPORAL_ADDRESS: proxy.address });
        await service.startWorker();
        await runUndisturbed(service, spec);
        const run = await service.submit(spec);
        await reached(service, run.id, 0.1);
        proxy.become(weather);
        await expectServing(service, run.id);
        proxy.become('fair');
        await service.completed(run.id);
      });
    },
  );
});

/** While Temporal is away: reads are served, and what cannot be accepted is refused in words, soon. */
async function expectServing(service: Service, runId: string): Promise<void> {
  // The API may know for 2 s yet that Temporal was there.
  await delay(2_500);
  const since = performance.now();
  const refused = await service.post<{ code: string }>('/v1/backtests', spec);
  expect(performance.now() - since).toBeLessThan(ANSWER_MS);
  expect(refused).toMatchObject({ status: 503, body: { code: 'orchestrator_unavailable' } });
  expect((await service.get(`/v1/backtests/${runId}`)).status).toBe(200);
  expect((await service.get(`/v1/backtests/${runId}/equity?points=10`)).status).toBe(200);
  expect((await service.get('/healthz')).status).toBe(200);
  expect((await service.get('/readyz')).status).toBe(503);
}
