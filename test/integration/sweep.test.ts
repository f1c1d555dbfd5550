import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import type { Batch } from '../../shared/batch.ts';
import type { Problem } from '../../shared/problem.ts';
import type { Result } from '../../shared/run.ts';
import type { BacktestSpecInput } from '../../shared/spec.ts';
import type { SweepResult, Trial } from '../../shared/sweep.ts';
import type { SweepSpecInput } from '../../shared/sweep-spec.ts';
import type { Heatmap } from '../../strategies/sweep/heatmap.ts';
import { itemsOf, submitBatch, untilBatch } from '../rig/batches.ts';
import { operatorOf } from '../rig/operator.ts';
import { startService, type Service } from '../rig/service.ts';
import { completedSweep, slowSweep, smallSweep, submitSweep, trialsOf, untilSweep } from '../rig/sweeps.ts';

const FIXTURES = path.resolve(import.meta.dirname, '../fixtures/modules');
const modules = mkdtempSync(path.join(tmpdir(), 'holdfast-modules-'));

let service: Service;
beforeAll(async () => {
  service = await startService({
    temporalAddress: inject('temporalAddress'),
    env: { HOLDFAST_RECONCILE_SECONDS: '1', HOLDFAST_MODULES: modules },
  });
  await service.startWorker();
});
afterAll(async () => {
  await service?.[Symbol.asyncDispose]();
  rmSync(modules, { recursive: true });
});

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

it('searches by TPE, the same trials in one go and after an extension', async () => {
  const tpe = (trials: number, seed: number) => ({ ...smallSweep, seed, search: { kind: 'tpe' as const, trials } });
  const { id } = await submitSweep(service, tpe(90, 3));
  await completedSweep(service, id);
  expect((await service.post(`/v1/sweeps/${id}/extend`, { trials: 150 })).status).toBe(202);
  await untilSweep(service, id, ({ status, progress }) => status === 'completed' && progress.total === 150);
  const atOnce = await submitSweep(service, tpe(150, 3));
  await completedSweep(service, atOnce.id);
  const points = async (each: string) => (await trialsOf(service, each)).map(({ params, metrics }) => [params, metrics]);
  expect(await points(id)).toEqual(await points(atOnce.id));
  expect((await service.post(`/v1/sweeps/${id}/extend`, { trials: 188 + 1 })).status).toBe(422);
});

it('keeps a ranked partial table when it is cancelled, and when its budget is used up', { timeout: 60_000 }, async () => {
  const { id } = await submitSweep(service, slowSweep(400, 50, 41));
  await untilSweep(service, id, ({ progress }) => progress.done > 0);
  await service.post(`/v1/sweeps/${id}/cancel`);
  await untilSweep(service, id, ({ status }) => status === 'cancelled');
  const { body: cancelled } = await service.get<SweepResult>(`/v1/sweeps/${id}/result`);
  expect(cancelled).toMatchObject({ partial: true, endReason: 'interrupted', best: { rank: 1 } });
  expect(await trialsOf(service, id)).toHaveLength(cancelled.trials);
  expect((await service.post(`/v1/sweeps/${id}/extend`, { trials: 500 })).status).toBe(409);
  const limited = await submitSweep(service, { ...slowSweep(400, 50, 42), budget: { cpuSeconds: 1 } });
  const result = await completedSweep(service, limited.id);
  expect(result).toMatchObject({ partial: true, endReason: 'budget' });
  expect(result.trials).toBeLessThan(400);
});

it('runs and judges modules in their own process, and knows none of their trials once they were edited', { timeout: 120_000 }, async () => {
  const source = readFileSync(path.join(FIXTURES, 'counts-bars.ts'), 'utf8').replace(
    '../../../strategies/',
    `${path.resolve(import.meta.dirname, '../../strategies')}/`,
  );
  const file = path.join(modules, 'counts.ts');
  writeFileSync(file, source);
  const spec: SweepSpecInput = {
    ...smallSweep,
    name: 'A module',
    strategy: { name: 'counts' },
    space: { every: { min: 50, max: 250, step: 50 } },
    validation: { kind: 'walk-forward', folds: 2 },
  };
  const first = await completedSweep(service, (await submitSweep(service, spec)).id);
  expect(first).toMatchObject({ trials: 5, cached: 0, validation: { kind: 'walk-forward', folds: [{}, {}] } });
  expect(await completedSweep(service, (await submitSweep(service, spec)).id)).toMatchObject({ trials: 5, cached: 5 });
  const alone = await service.completed((await service.submit(backtestOf(spec, first.best!.params))).id);
  expect(alone.metrics.totalReturn).toBe(first.best!.metrics.totalReturn);
  writeFileSync(file, `${source}\n// edited\n`);
  expect(await completedSweep(service, (await submitSweep(service, spec)).id)).toMatchObject({ trials: 5, cached: 0 });
});

it.each(['reset', 'forgotten'])('does what is left when its workflow is %s', { timeout: 60_000 }, async (fate) => {
  const { id } = await submitSweep(service, slowSweep(60, 50, fate === 'reset' ? 51 : 52));
  await untilSweep(service, id, ({ progress }) => progress.done > 0);
  const operator = operatorOf(service, 'sweep');
  if (fate === 'reset') await operator.resetWorkflow(id, (await operator.resetPoints(id))[0]!);
  else await operator.forget(id);
  expect(await completedSweep(service, id)).toMatchObject({ trials: 60, cached: 0 });
});

it('closes its row when an operator terminates it', async () => {
  const { id } = await submitSweep(service, slowSweep(400, 50, 53));
  await untilSweep(service, id, ({ progress }) => progress.done > 0);
  await operatorOf(service, 'sweep').handleOf(id).terminate('by an operator');
  expect((await untilSweep(service, id, ({ status }) => status === 'failed')).error?.code).toBe('workflow_ended');
  expect((await trialsOf(service, id)).length).toBeGreaterThan(0);
});

it('shows its trials as pages, files and a map, and is followed by its events', async () => {
  const { id } = await submitSweep(service, smallSweep);
  const events = await (await fetch(`${service.url}/v1/sweeps/${id}/events`)).text();
  expect(events).toMatch(/event: done\ndata: .*"unit":"trials"/);
  const { body: page } = await service.get<{ items: Trial[]; total: number }>(
    `/v1/sweeps/${id}/trials?sort=-trades&filter=${encodeURIComponent('fast < 5 && slow == 10')}`,
  );
  expect(page.items.map(({ params }) => params['slow'])).toEqual([10, 10, 10]);
  expect(page.items.map(({ metrics }) => metrics.trades)).toEqual(
    page.items.map(({ metrics }) => metrics.trades!).toSorted((a, b) => b! - a!),
  );
  const csv = await (await fetch(`${service.url}/v1/sweeps/${id}/trials?format=csv&limit=2`)).text();
  expect(csv.split('\r\n').slice(0, 1)).toEqual([
    'rank,trial,fast,slow,objective,totalReturn,sharpe,maxDrawdown,trades,robust,neighbours,cached',
  ]);
  const parquet = await fetch(`${service.url}/v1/sweeps/${id}/trials?format=parquet`);
  expect(new TextDecoder().decode((await parquet.arrayBuffer()).slice(0, 4))).toBe('PAR1');
  const { body: map } = await service.get<Heatmap>(`/v1/sweeps/${id}/heatmap?x=fast&y=slow&metric=sharpe`);
  expect([map.x.values.length, map.y.values.length]).toEqual([19, 11]);
  const best = (await service.get<SweepResult>(`/v1/sweeps/${id}/result`)).body.best!;
  const [column, row] = [map.x.values.indexOf(best.params['fast']!), map.y.values.indexOf(best.params['slow']!)];
  expect(map.best[row]![column]).toBe(best.metrics.sharpe);
  expect(
    (await service.get<Problem>(`/v1/sweeps/${id}/heatmap?x=fast&y=slo&metric=exposure`)).body.errors.map((fault) => fault.path),
  ).toEqual(['y', 'metric']);
  const faults = await service.get<Problem>(`/v1/sweeps/${id}/trials?sort=shape&filter=fats%3C3&cursor=x`);
  expect(faults.body.errors.map((fault) => fault.path)).toEqual(['sort', 'filter', 'cursor']);
});

it.each([
  { kind: 'cscv', blocks: 8 },
  { kind: 'walk-forward', folds: 3 },
] as const)('says in words whether its best trial is luck, by $kind', async (validation) => {
  const { validation: report } = await completedSweep(service, (await submitSweep(service, { ...smallSweep, validation })).id);
  // Every pair of averages that was tried on Apple by this owner, whatever sweep it was in.
  expect(report!.trials).toBeGreaterThanOrEqual(188);
  expect(report).toMatchObject({ kind: validation.kind, observations: expect.any(Number), sharpe: expect.any(Number) });
  expect(report!.findings.map(({ code }) => code)).toContain('deflated_sharpe');
  if (validation.kind === 'cscv') expect(report!.probabilityOfBacktestOverfitting).toBeGreaterThanOrEqual(0);
  else expect(report!.folds).toHaveLength(3);
});

it('counts backtests and items of batches among all that was tried', async () => {
  const spec: SweepSpecInput = {
    data: { source: 'sample', symbols: ['IBM'] },
    strategy: { name: 'sma-cross' },
    space: { fast: { values: [5, 6] }, slow: { values: [20, 30] } },
  };
  // One of them twice, and one that the sweep tries, too.
  for (const fast of [7, 7, 5]) await service.completed((await service.submit(backtestOf(spec, { fast, slow: 30 }))).id);
  const items = [8, 9].map((fast) => backtestOf(spec, { fast, slow: 30 }));
  const batch = await submitBatch(service, items);
  await untilBatch(service, batch.id, ({ status }) => status === 'completed');
  const { validation } = await completedSweep(service, (await submitSweep(service, spec)).id);
  expect(validation!.trials).toBe(4 + 1 + 2);
});

function backtestOf({ data, account, metrics, strategy }: SweepSpecInput, params: Record<string, number | string>): BacktestSpecInput {
  return { data, strategy: { ...strategy, params }, ...(account && { account }), ...(metrics && { metrics }) };
}
