import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import { QUICK_RECOVERY } from '../rig/quick-recovery.ts';
import { runUndisturbed } from '../rig/references.ts';
import { alike, randomOf, seeds } from '../rig/seeds.ts';
import type { Service } from '../rig/service.ts';
import { reached } from '../rig/slices.ts';
import { longRun, smaCross } from '../rig/specs.ts';
import { startOwnTemporal } from '../rig/temporal-server.ts';
import { underFaults } from '../rig/under-faults.ts';

const spec = longRun(2);

describe('a pause', { timeout: 300_000 }, () => {
  it.each(seeds())('outlives a kill -9 of everything, and does not change the result (seed %i)', async (seed) => {
    const temporal = await startOwnTemporal();
    onTestFinished(() => temporal[Symbol.asyncDispose]());
    await underFaults({ temporalAddress: temporal.address, env: QUICK_RECOVERY }, async (service) => {
      const worker = await service.startWorker();
      await runUndisturbed(service, spec);
      const run = await service.submit(spec);
      await reached(service, run.id, randomOf(seed).between(0, 0.7));
      await service.post(`/v1/backtests/${run.id}/pause`);
      const { progress } = await service.until(run.id, ({ status }) => status === 'paused');
      await Promise.all([worker, service.api, temporal.server].map((each) => each.kill('SIGKILL')));
      await temporal.start();
      await Promise.all([service.startApi(), service.startWorker()]);
      // Long enough for the reconciler to have looked at it.
      await delay(1_500);
      expect((await service.get(`/v1/backtests/${run.id}`)).body).toMatchObject({ status: 'paused', progress: { done: progress.done } });
      await service.post(`/v1/backtests/${run.id}/resume`);
      await service.completed(run.id);
    });
  });
});

describe('a cancel', { timeout: 300_000 }, () => {
  const RUNS = alike(Array.from({ length: 24 }), 10).length;

  it.each(seeds())('at any moment, and twice, ends a run once: as cancelled, or as completed when it came too late (seed %i)', (seed) =>
    underFaults({ temporalAddress: inject('temporalAddress'), env: QUICK_RECOVERY }, async (service) => {
      const random = randomOf(seed);
      await service.startWorker();
      await runUndisturbed(service, smaCross);
      await runUndisturbed(service, longRun(0.5));
      for (let i = 0; i < RUNS; i++) {
        const short = random.uniform() < 0.5;
        const { id } = await service.submit(short ? smaCross : longRun(0.5));
        await delay(random.between(0, short ? 120 : 900));
        const answers = await Promise.all([cancel(service, id), cancel(service, id)]);
        const accepted = answers.some(({ status }) => status === 202);
        if (!accepted)
          expect(answers.map(({ body }) => body.code)).toEqual(answers.map(() => expect.stringMatching(/^(finishing|already_finished)$/)));
        const ended = await service.until(id, ({ finishedAt }) => finishedAt !== null);
        // A cancel that was accepted is never followed by a success.
        expect(ended.status).toBe(accepted ? 'cancelled' : 'completed');
        expect((await cancel(service, id)).status).toBe(accepted ? 202 : 409);
      }
    }),
  );

  it('of a run that no worker has taken up yet takes effect when one comes', () =>
    underFaults({ temporalAddress: inject('temporalAddress'), env: QUICK_RECOVERY }, async (service) => {
      const run = await service.submit(spec);
      expect(await cancel(service, run.id)).toMatchObject({ status: 202, body: { requested: 'cancel' } });
      await service.startWorker();
      await service.until(run.id, ({ status }) => status === 'cancelled');
    }));

  it('of a run whose worker was killed takes effect when another comes, and keeps what was done', () =>
    underFaults({ temporalAddress: inject('temporalAddress'), env: QUICK_RECOVERY }, async (service) => {
      const worker = await service.startWorker();
      const run = await service.submit(longRun(20));
      await reached(service, run.id, 0.1);
      await worker.kill('SIGKILL');
      await cancel(service, run.id);
      await service.startWorker();
      const cancelled = await service.until(run.id, ({ status }) => status === 'cancelled');
      const { body } = await service.get<{ partial: boolean; bars: number }>(`/v1/backtests/${run.id}/result`);
      expect(body.partial).toBe(true);
      expect(body.bars).toBeGreaterThan(0);
      expect(body.bars).toBeLessThanOrEqual(cancelled.progress.done);
    }));
});

function cancel(service: Service, id: string) {
  return service.post<{ code?: string; requested?: string }>(`/v1/backtests/${id}/cancel`);
}
