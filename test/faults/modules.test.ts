import { execFile } from 'node:child_process';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Run } from '../../shared/run.ts';
import type { BacktestSpecInput } from '../../shared/spec.ts';
import { startService, type Service } from '../rig/service.ts';

const MODULES = path.resolve(import.meta.dirname, '../fixtures/modules');
const PROGRAM = 'module-host/process-main.ts';
const TIMEOUT = 120_000;

let service: Service;
let worker: Awaited<ReturnType<Service['startWorker']>>;
beforeAll(async () => {
  const env = {
    HOLDFAST_MODULES: MODULES,
    HOLDFAST_SLOTS: '2',
    HOLDFAST_SLICE_SECONDS: '1',
    HOLDFAST_MODULE_MEMORY_MB: '300',
    HOLDFAST_MODULE_STALL_SECONDS: '2',
  };
  service = await startService({ temporalAddress: inject('temporalAddress'), env });
  worker = await service.startWorker();
});
afterAll(() => service?.[Symbol.asyncDispose]());

function specOf(name: string, { bars = 2_000, ...params }: Record<string, number> = {}): BacktestSpecInput {
  return { data: { source: 'synthetic', symbols: ['SYN'], timeframe: '1m', synthetic: { bars } }, strategy: { name, params } };
}

async function failed(spec: BacktestSpecInput): Promise<Run> {
  const { id } = await service.submit(spec);
  return service.until(id, (run) => run.status === 'failed');
}

describe('a run of a module', { timeout: TIMEOUT }, () => {
  it('has a result like any other, with the hash of its source', async () => {
    const result = await service.completed((await service.submit(specOf('is-slow', { milliseconds: 0 }))).id);
    expect(result.manifest.strategyHash).toMatch(/^[0-9a-f]{16}$/);
    expect(result.bars).toBe(2_000);
  });

  it('fails when the module ends its process three times, and runs beside it do not notice', async () => {
    const beside = service.submit(specOf('is-slow', { milliseconds: 1, bars: 2_000 }));
    const run = await failed(specOf('kills-itself'));
    expect(run.error).toMatchObject({ code: 'module_crashed', message: expect.stringContaining('3 times') });
    const result = await service.completed((await beside).id);
    // None of its slices was disturbed.
    expect(result.manifest.attempts).toBe(result.manifest.slices);
  });

  it('fails at once with the bar and the line when the module throws', async () => {
    const { error } = await failed(specOf('throws', { atBar: 1_500 }));
    expect(error).toMatchObject({ code: 'strategy_failed', message: expect.stringContaining('throws failed at bar 1500') });
    expect(error?.message).toMatch(/next \(test\/fixtures\/modules\/throws\.ts:10:/);
  });

  it('pauses at a bar boundary, and goes on to the bytes of an undisturbed run', async () => {
    const spec = specOf('is-slow', { milliseconds: 1, bars: 2_000 });
    const undisturbed = await service.completed((await service.submit(spec)).id);
    const { id } = await service.submit(spec);
    await service.until(id, ({ progress }) => progress.done > 0);
    await service.post(`/v1/backtests/${id}/pause`);
    await service.until(id, ({ status }) => status === 'paused');
    await service.post(`/v1/backtests/${id}/resume`);
    const result = await service.completed(id);
    expect(result.manifest.resultHash).toBe(undisturbed.manifest.resultHash);
    expect(result.manifest.attempts).toBe(result.manifest.slices);
  });

  it('survives a worker killed with -9, whose module processes end by themselves, also in an endless loop', async () => {
    const looping = await service.submit(specOf('loops-for-ever'));
    const slow = await service.submit(specOf('is-slow', { milliseconds: 1, bars: 2_000 }));
    await service.until(slow.id, async ({ progress }) => progress.done > 0 && (await childrenOf(worker.process.pid!)).length > 1);
    const orphans = await childrenOf(worker.process.pid!);
    await worker.kill('SIGKILL');
    while ((await alive(orphans)).length > 0) await delay(50);
    worker = await service.startWorker();
    await service.completed(slow.id);
    expect((await service.until(looping.id, (run) => run.status === 'failed')).error?.code).toBe('module_stalled');
  });

  it('leaves no process behind when its worker is asked to end', async () => {
    const { id } = await service.submit(specOf('is-slow', { milliseconds: 1, bars: 2_000 }));
    await service.until(id, ({ progress }) => progress.done > 0);
    const children = await childrenOf(worker.process.pid!);
    expect(children.length).toBeGreaterThan(0);
    await worker.kill('SIGTERM');
    expect(worker.process.exitCode).toBe(0);
    expect(await alive(children)).toEqual([]);
    worker = await service.startWorker();
    const result = await service.completed(id);
    expect(result.manifest.attempts).toBe(result.manifest.slices);
  });
});

/** The processes of modules that a worker has started. */
async function childrenOf(pid: number): Promise<number[]> {
  return (await processes()).filter(({ parent }) => parent === pid).map((each) => each.pid);
}

async function alive(pids: readonly number[]): Promise<number[]> {
  return (await processes()).filter(({ pid }) => pids.includes(pid)).map((each) => each.pid);
}

async function processes(): Promise<{ pid: number; parent: number }[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,stat=,args='], { maxBuffer: 2 ** 24 });
  return stdout
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , state, ...args]) => !state?.startsWith('Z') && args.join(' ').includes(PROGRAM))
    .map(([pid, parent]) => ({ pid: Number(pid), parent: Number(parent) }));
}
