import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { startService, type Service } from '../rig/service.ts';
import { longRun, smaCross } from '../rig/specs.ts';

let service: Service;
beforeAll(async () => {
  service = await startService({
    temporalAddress: inject('temporalAddress'),
    env: { HOLDFAST_SLICE_SECONDS: '0.5', HOLDFAST_RECONCILE_SECONDS: '1' },
  });
  await service.startWorker();
});
afterAll(() => service?.[Symbol.asyncDispose]());

describe('a backtest', () => {
  it('goes from POST to a result with the figures of the reference run', async () => {
    const run = await service.submit(smaCross);
    expect(run.status).toBe('queued');
    const result = await service.completed(run.id);
    // test/fixtures/oracles: 01_aapl_sma5_20_long
    expect(result.metrics.trades).toBe(93);
    expect(result.metrics.totalReturn).toBeCloseTo(7.607707856189522, 9);
    expect(result.partial).toBe(false);
    expect(result.bars).toBe(3270);
  });

  it('is compared with the benchmark that was asked for', async () => {
    const { metrics } = await service.completed((await service.submit({ ...smaCross, benchmark: 'AAPL' })).id);
    // Long the share itself two thirds of the time: part of its moves, and none against it.
    expect(metrics.beta).toBeGreaterThan(0.1);
    expect(metrics.beta).toBeLessThan(1);
    expect(metrics.trackingError).toBeGreaterThan(0);
  });

  it('gives the same result hash when it is run again', async () => {
    const [first, second] = await Promise.all([service.submit(smaCross), service.submit(smaCross)]);
    const hashes = await Promise.all([first, second].map(async ({ id }) => (await service.completed(id)).manifest.resultHash));
    expect(hashes[0]).toBe(hashes[1]);
  });

  it('gives the same result hash however it is sliced', async () => {
    const sliced = await service.completed((await service.submit(longRun(2))).id);
    expect(sliced.manifest.slices).toBeGreaterThan(2);
    const whole = await startService({ temporalAddress: inject('temporalAddress'), env: { HOLDFAST_SLICE_SECONDS: '60' } });
    onTestFinished(() => whole[Symbol.asyncDispose]());
    await whole.startWorker();
    const unsliced = await whole.completed((await whole.submit(longRun(2))).id);
    expect(unsliced.manifest.slices).toBeLessThan(sliced.manifest.slices);
    expect(unsliced.manifest.resultHash).toBe(sliced.manifest.resultHash);
  });

  it('fails with the reason when its data cannot be had', async () => {
    const spec = { ...smaCross, data: { ...smaCross.data, symbols: ['NOPE'] } };
    await expect(service.submit(spec)).rejects.toThrow(/422.*NOPE/);
  });
});

describe('a pause', () => {
  it('stops a running simulation, keeps it over a resume, and does not change the result', async () => {
    const undisturbed = await service.completed((await service.submit(longRun(1.5, 11))).id);
    const run = await service.submit(longRun(1.5, 11));
    await service.until(run.id, (now) => now.phase === 'simulate' && now.progress.done > 0);
    expect((await service.post(`/v1/backtests/${run.id}/pause`)).status).toBe(202);
    const paused = await service.until(run.id, (now) => now.status === 'paused');
    expect(paused.requested).toBeNull();
    expect(paused.progress.fraction).toBeLessThan(1);
    expect((await service.post(`/v1/backtests/${run.id}/resume`)).status).toBe(202);
    const result = await service.completed(run.id);
    expect(result.manifest.resultHash).toBe(undisturbed.manifest.resultHash);
    // Each slice took one attempt: a pause uses up none.
    expect(result.manifest.attempts).toBe(result.manifest.slices);
  });

  it('may be asked for and taken back many times in a row', async () => {
    const undisturbed = await service.completed((await service.submit(longRun(3, 12))).id);
    const run = await service.submit(longRun(3, 12));
    for (const request of ['pause', 'resume', 'pause', 'pause', 'resume', 'pause', 'resume']) {
      expect((await service.post(`/v1/backtests/${run.id}/${request}`)).status).toBe(202);
    }
    await service.until(run.id, (now) => now.status === 'running' && now.requested === null);
    expect((await service.completed(run.id)).manifest.resultHash).toBe(undisturbed.manifest.resultHash);
  });

  it('works from Temporal alone, by a signal without arguments', async () => {
    const run = await service.submit(longRun(2, 13));
    const handle = service.temporal.workflow.getHandle(`backtest/${run.id}`);
    await service.until(run.id, (now) => now.phase === 'simulate');
    await handle.signal('pause');
    await service.until(run.id, (now) => now.status === 'paused');
    await handle.signal('resume');
    await service.completed(run.id);
  });
});

describe('a cancel', () => {
  it('ends a running simulation with its partial result', async () => {
    const run = await service.submit(longRun(20, 14));
    await service.until(run.id, (now) => now.phase === 'simulate' && now.progress.done > 0);
    expect((await service.post(`/v1/backtests/${run.id}/cancel`)).status).toBe(202);
    const cancelled = await service.until(run.id, (now) => now.status === 'cancelled');
    expect(cancelled.progress.fraction).toBeLessThan(1);
    const { body: result } = await service.get<{ partial: boolean; bars: number }>(`/v1/backtests/${run.id}/result`);
    expect(result.partial).toBe(true);
    expect(result.bars).toBe(cancelled.progress.done);
  });

  it('ends a paused run', async () => {
    const run = await service.submit(longRun(20, 15));
    await service.post(`/v1/backtests/${run.id}/pause`);
    await service.until(run.id, (now) => now.status === 'paused');
    await service.post(`/v1/backtests/${run.id}/cancel`);
    await service.until(run.id, (now) => now.status === 'cancelled');
  });

  it('comes too late for a run that has finished, and says so', async () => {
    const run = await service.submit(smaCross);
    await service.completed(run.id);
    const answer = await service.post(`/v1/backtests/${run.id}/cancel`);
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({ code: 'already_finished' });
  });

  it('works from Temporal alone', async () => {
    const run = await service.submit(longRun(20, 16));
    await service.until(run.id, (now) => now.phase === 'simulate');
    await service.temporal.workflow.getHandle(`backtest/${run.id}`).cancel();
    await service.until(run.id, (now) => now.status === 'cancelled');
  });
});
