import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { Batch } from '../../shared/batch.ts';
import type { Result } from '../../shared/run.ts';
import type { Trial } from '../../shared/sweep.ts';
import { itemsOf, untilBatch } from '../rig/batches.ts';
import { startService, type Service } from '../rig/service.ts';
import { completedSweep, slowSweep, smallSweep, submitSweep, trialsOf, untilSweep } from '../rig/sweeps.ts';

let service: Service;
beforeAll(async () => {
  service = await startService({ temporalAddress: inject('temporalAddress'), env: { HOLDFAST_RECONCILE_SECONDS: '1' } });
  await service.startWorker();
});
afterAll(() => service?.[Symbol.asyncDispose]());

it('tries every point of a grid, ranks them, and gives each the figures of a run of its own', async () => {
  const { id } = await submitSweep(service, smallSweep);
  const result = await completedSweep(service, id);
  const trials = await trialsOf(service, id);
  // fast < slow: 19 x 11 pairs, without those of fast 10-20 with slow 10 (11), of 14-20 with 14 (7) and of 18-20 with 18 (3)
  expect(trials).toHaveLength(19 * 11 - 11 - 7 - 3);
  expect(result).toMatchObject({ trials: trials.length, partial: false, endReason: 'all-trials', best: { rank: 1 } });
  expect(trials.map(({ trial }) => trial)).toEqual(trials.map((_, k) => k));
  const ranked = trials.toSorted((a, b) => a.rank - b.rank);
  expect(ranked.map(({ objective }) => objective)).toEqual(trials.map(({ objective }) => objective).toSorted((a, b) => b! - a!));
  expect(result.best).toEqual(ranked[0]);
  const { status, body: batch } = await service.post<Batch>(`/v1/sweeps/${id}/best?k=3`);
  expect(status).toBe(202);
  await untilBatch(service, batch.id, (each) => each.status === 'completed');
  for (const [place, item] of (await itemsOf(service, batch.id)).entries()) {
    const { metrics } = (await service.get<Result>(`/v1/backtests/${item.id}/result`)).body;
    for (const [name, value] of Object.entries(ranked[place]!.metrics)) expect(metrics[name as 'sharpe'], name).toBe(value);
  }
});

it('computes no trial again: another sweep over the same points is told what is known', async () => {
  const first = await completedSweep(service, (await submitSweep(service, { ...smallSweep, seed: 9 })).id);
  const { id } = await submitSweep(service, { ...smallSweep, seed: 9, search: { kind: 'random', trials: 100 } });
  expect(await completedSweep(service, id)).toMatchObject({ trials: 100, cached: 100 });
  const known = new Map((await trialsOf(service, id)).map((trial) => [JSON.stringify(trial.params), trial]));
  for (const { params, metrics } of first.top) expect(known.get(JSON.stringify(params))?.metrics ?? metrics).toEqual(metrics);
});

it('is paused, given another priority, resumed and extended; no trial is lost or done twice', { timeout: 120_000 }, async () => {
  const spec = slowSweep(80, 50, 31);
  const { id } = await submitSweep(service, spec);
  await untilSweep(service, id, ({ progress }) => progress.done > 0);
  await service.post(`/v1/sweeps/${id}/pause`);
  const paused = await untilSweep(service, id, ({ status }) => status === 'paused');
  expect(paused.progress.done).toBeLessThan(80);
  const patched = await fetch(`${service.url}/v1/sweeps/${id}`, {
    method: 'PATCH',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ priority: 1 }),
  });
  expect(await patched.json()).toMatchObject({ status: 'paused', spec: { priority: 1 } });
  await service.post(`/v1/sweeps/${id}/resume`);
  expect((await service.post(`/v1/sweeps/${id}/extend`, { trials: 100 })).status).toBe(202);
  const result = await completedSweep(service, id);
  expect(result).toMatchObject({ trials: 100, cached: 0 });
  await service.post(`/v1/sweeps/${id}/extend`, { trials: 110 });
  const more = await untilSweep(service, id, ({ status, progress }) => status === 'completed' && progress.total === 110);
  expect(more.progress.done).toBe(110);
  const whole = await submitSweep(service, { ...spec, search: { kind: 'random', trials: 110 } });
  expect(await completedSweep(service, whole.id)).toMatchObject({ trials: 110, cached: 110 });
  const plain = ({ trial, params, metrics, rank }: Trial) => ({ trial, params, metrics, rank });
  expect((await trialsOf(service, id)).map(plain)).toEqual((await trialsOf(service, whole.id)).map(plain));
});
