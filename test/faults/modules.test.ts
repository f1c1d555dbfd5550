import { execFile } from 'node:child_process';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import type { Run } from '../../shared/run.ts';
import type { BacktestSpecInput } from '../../shared/spec.ts';
import { expectNothingLost } from '../rig/invariants.ts';
import { expectNothingLeft } from '../rig/leftovers.ts';
import { runUndisturbed } from '../rig/references.ts';
import { alike } from '../rig/seeds.ts';
import { startService, type Service } from '../rig/service.ts';
import { smaCross } from '../rig/specs.ts';

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
    HOLDFAST_MODULE_STALL_SECONDS: '4',
  };
  service = await startService({ temporalAddress: inject('temporalAddress'), env });
  worker = await service.startWorker();
  for (const spec of [slow, quick, smaCross]) await runUndisturbed(service, spec);
});
afterAll(() => service?.[Symbol.asyncDispose]());

const slow = specOf('is-slow', { milliseconds: 1, bars: 2_000 });
const quick = specOf('is-slow', { milliseconds: 0 });

function specOf(name: string, { bars = 2_000, ...params }: Record<string, number> = {}): BacktestSpecInput {
  return { data: { source: 'synthetic', symbols: ['SYN'], timeframe: '1m', synthetic: { bars } }, strategy: { name, params } };
}

async function failed(spec: BacktestSpecInput): Promise<Run> {
  const { id } = await service.submit(spec);
  return service.until(id, (run) => run.status === 'failed');
}

describe('a run of a module', { timeout: TIMEOUT }, () => {
  it('has a result like any other, with the hash of its source', async () => {
    const result = await service.completed((await service.submit(quick)).id);
    expect(result.manifest.strategyHash).toMatch(/^[0-9a-f]{16}$/);
    expect(result.bars).toBe(2_000);
  });

  it('fails with the reason when the module does harm three times, and runs beside it do not notice', async () => {
    const beside = await Promise.all([slow, slow, smaCross].map((spec) => service.submit(spec)));
    const harmful = {
      'loops-for-ever': 'module_stalled',
      'kills-itself': 'module_crashed',
      'takes-objects': 'module_out_of_memory',
      'takes-arrays': 'module_out_of_memory',
      'takes-typed-arrays': 'module_out_of_memory',
      exits: 'module_crashed',
      aborts: 'module_crashed',
    };
    const chosen = alike(Object.entries(harmful), 3);
    const ends = await Promise.all(chosen.map(async ([name]) => [name, await failed(specOf(name))] as const));
    expect(ends.map(([name, { error }]) => [name, error?.code])).toEqual(chosen);
    for (const [name, { error }] of ends) expect(error?.message, name).toContain('3 times');
    // None of their slices was disturbed: they are references, too.
    for (const { id } of beside) {
      const { manifest } = await service.completed(id);
      expect(manifest.attempts).toBe(manifest.slices);
    }
  });

  it('fails at once with the bar and the line when the module throws', async () => {
    const { error } = await failed(specOf('throws', { atBar: 1_500 }));
    expect(error).toMatchObject({ code: 'strategy_failed', message: expect.stringContaining('throws failed at bar 1500') });
    expect(error?.message).toMatch(/next \(test\/fixtures\/modules\/throws\.ts:11:/);
  });

  it('fails with its partial result when it takes more time in all than it may', async () => {
    const impatient = await startService({
      temporalAddress: inject('temporalAddress'),
      env: { HOLDFAST_MODULES: MODULES, HOLDFAST_SLOTS: '1', HOLDFAST_SLICE_SECONDS: '0.5', HOLDFAST_RUN_HOURS: String(1 / 3_600) },
    });
    onTestFinished(() => impatient[Symbol.asyncDispose]());
    await impatient.startWorker();
    const { id } = await impatient.submit(specOf('is-slow', { milliseconds: 20, bars: 2_000 }));
    const { error, progress } = await impatient.until(id, (run) => run.status === 'failed');
    expect(error).toMatchObject({ code: 'run_too_long', message: expect.stringContaining('HOLDFAST_RUN_HOURS') });
    expect(progress.done).toBeGreaterThan(0);
    expect((await impatient.get(`/v1/backtests/${id}/result`)).body).toMatchObject({ partial: true, bars: progress.done });
  });

  it('pauses at a bar boundary, and goes on without an attempt lost', async () => {
    const { id } = await service.submit(slow);
    await service.until(id, ({ progress }) => progress.done > 0);
    await service.post(`/v1/backtests/${id}/pause`);
    await service.until(id, ({ status }) => status === 'paused');
    await service.post(`/v1/backtests/${id}/resume`);
    const result = await service.completed(id);
    expect(result.manifest.attempts).toBe(result.manifest.slices);
  });

  it('survives a worker killed with -9, whose module processes end by themselves, also in an endless loop', async () => {
    const looping = await service.submit(specOf('loops-for-ever'));
    const beside = await service.submit(slow);
    await service.until(beside.id, async ({ progress }) => progress.done > 0 && (await childrenOf(worker.process.pid!)).length > 1);
    const orphans = await childrenOf(worker.process.pid!);
    await worker.kill('SIGKILL');
    while ((await alive(orphans)).length > 0) await delay(50);
    worker = await service.startWorker();
    await service.completed(beside.id);
    expect((await service.until(looping.id, (run) => run.status === 'failed')).error?.code).toBe('module_stalled');
  });

  it('leaves no process behind when its worker is asked to end', async () => {
    const { id } = await service.submit(slow);
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

it('loses nothing and leaves nothing behind', async () => {
  await expectNothingLost(service);
  await expectNothingLeft(service);
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
