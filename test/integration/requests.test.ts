import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import type { Run } from '../../shared/run.ts';
import { operatorOf } from '../rig/operator.ts';
import { startService, type Service } from '../rig/service.ts';
import { longRun, smaCross } from '../rig/specs.ts';

const WITHIN = { timeout: 30_000, interval: 20 };

// Many runs each, on a machine that other tests keep busy.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

let service: Service;
beforeAll(async () => {
  service = await startService({
    temporalAddress: inject('temporalAddress'),
    env: { HOLDFAST_SLICE_SECONDS: '0.5', HOLDFAST_RECONCILE_SECONDS: '1' },
  });
});
afterAll(() => service?.[Symbol.asyncDispose]());

const ask = (id: string, wanted: 'pause' | 'resume' | 'cancel') => service.post(`/v1/backtests/${id}/${wanted}`);
const now = async (id: string): Promise<Run> => (await service.get<Run>(`/v1/backtests/${id}`)).body;
const settled = (run: Run): boolean => run.requested === null;

describe('while no worker is up', () => {
  it('a pause, a resume and a cancel are recorded, and take effect when one comes', async () => {
    const [paused, resumed, cancelled] = await Promise.all([service.submit(smaCross), service.submit(smaCross), service.submit(smaCross)]);
    expect((await ask(paused.id, 'pause')).body).toMatchObject({ status: 'queued', requested: 'pause' });
    await ask(resumed.id, 'pause');
    expect((await ask(resumed.id, 'resume')).body).toMatchObject({ status: 'queued', requested: 'resume' });
    expect((await ask(cancelled.id, 'cancel')).body).toMatchObject({ status: 'queued', requested: 'cancel' });

    await service.startWorker();
    await service.until(paused.id, (run) => run.status === 'paused' && settled(run));
    await service.completed(resumed.id);
    expect(await service.until(cancelled.id, (run) => run.status === 'cancelled')).toMatchObject({ requested: null, metrics: null });
    await ask(paused.id, 'resume');
    await service.completed(paused.id);
  });

  it('a paused run stays paused, over the end of the API too', async () => {
    const undisturbed = await service.completed((await service.submit(longRun(2, 31))).id);
    const { id } = await service.submit(longRun(2, 31));
    await service.until(id, (run) => run.progress.done > 0);
    await ask(id, 'pause');
    const before = await service.until(id, (run) => run.status === 'paused' && settled(run));
    await service.stop();
    await service.startApi();
    await service.startWorker();
    expect(await now(id)).toEqual(before);
    await ask(id, 'resume');
    expect((await service.completed(id)).manifest.resultHash).toBe(undisturbed.manifest.resultHash);
  });
});

describe('while bars are fetched', () => {
  // A seed of its own each time: bars that are cached are not fetched.
  const manyBars = (seed: number) => ({ ...longRun(60, seed), strategy: { name: 'sma-cross', params: { fast: 10, slow: 30 } } });
  const fetching = (id: string) =>
    service.until(id, async (run) => run.phase === 'fetch' && (await operatorOf(service).pendingActivity(id)) !== undefined);

  it('a pause stops the fetch, and a resume begins it anew', async () => {
    const { id } = await service.submit(manyBars(41));
    await fetching(id);
    await ask(id, 'pause');
    await service.until(id, (run) => run.status === 'paused' && settled(run));
    await ask(id, 'resume');
    await service.completed(id);
  });

  it('a cancel ends the run, without a result', async () => {
    const { id } = await service.submit(manyBars(42));
    await fetching(id);
    await ask(id, 'cancel');
    await service.until(id, (run) => run.status === 'cancelled');
    expect((await service.get(`/v1/backtests/${id}/result`)).status).toBe(404);
  });
});

describe('by Temporal alone', () => {
  it('the row shows what it shows for a request by the API', async () => {
    const seen = { api: await watched((id, wanted) => ask(id, wanted)), temporal: await watched(bySignal) };
    expect(seen.temporal).toEqual(seen.api);
    expect(seen.api).toEqual(['paused', 'running', 'cancelled']);
  });

  it('a signal that asks for what is so already settles the same request of the API', async () => {
    const { id } = await service.submit(longRun(20, 51));
    await service.until(id, (run) => run.phase === 'simulate');
    await bySignal(id, 'pause');
    await service.until(id, (run) => run.status === 'paused');
    // Both at once: whichever is second finds nothing to do.
    await Promise.all([ask(id, 'resume'), bySignal(id, 'resume')]);
    await service.until(id, (run) => run.status === 'running' && settled(run));
    await ask(id, 'cancel');
    await service.until(id, (run) => run.status === 'cancelled');
  });

  async function bySignal(id: string, wanted: 'pause' | 'resume' | 'cancel'): Promise<void> {
    const handle = operatorOf(service).handleOf(id);
    await (wanted === 'cancel' ? handle.cancel() : handle.signal(wanted));
  }

  /** The states that a run settles in when it is paused, resumed and cancelled. */
  async function watched(request: (id: string, wanted: 'pause' | 'resume' | 'cancel') => Promise<unknown>): Promise<string[]> {
    const { id } = await service.submit(longRun(20, 52));
    await service.until(id, (run) => run.progress.done > 0);
    const states: string[] = [];
    for (const [wanted, status] of [
      ['pause', 'paused'],
      ['resume', 'running'],
      ['cancel', 'cancelled'],
    ] as const) {
      await request(id, wanted);
      const run = await service.until(id, (each) => each.status === status && settled(each));
      states.push(run.status);
      if (status === 'cancelled') expect((await service.get<{ partial: boolean }>(`/v1/backtests/${id}/result`)).body.partial).toBe(true);
    }
    return states;
  }
});

describe('too late', () => {
  it('a pause and a cancel are refused while the result is written, and the run completes', async () => {
    const { id } = await service.submit({ ...longRun(40, 61), strategy: { name: 'sma-cross', params: { fast: 10, slow: 30 } } });
    await service.until(id, (run) => run.phase === 'aggregate' || run.status === 'completed');
    const answers = await Promise.all([ask(id, 'pause'), ask(id, 'cancel')]);
    for (const { status, body } of answers) {
      expect(status).toBe(409);
      expect(['finishing', 'already_finished']).toContain((body as unknown as { code: string }).code);
    }
    // What comes by Temporal itself cannot be refused, and changes nothing.
    await operatorOf(service)
      .handleOf(id)
      .signal('pause')
      .catch(() => undefined);
    await service.completed(id);
  });
});

describe('in quick succession', () => {
  it.each([
    ['ends paused after an odd number of changes', ['pause', 'resume', 'pause', 'resume', 'pause'], 'paused'],
    ['ends cancelled when a cancel is among them', ['pause', 'resume', 'pause', 'cancel'], 'cancelled'],
  ] as const)('a run %s', async (_, requests, status) => {
    const { id } = await service.submit(longRun(20, 71));
    await service.until(id, (run) => run.progress.done > 0);
    for (const wanted of requests) expect((await ask(id, wanted)).status).toBe(202);
    await vi.waitUntil(async () => (await now(id)).status === status && settled(await now(id)), WITHIN);
    if (status === 'paused') await ask(id, 'cancel');
    await service.until(id, (run) => run.status === 'cancelled');
  });
});
