import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, inject, it, onTestFinished } from 'vitest';
import { findTemporalCli } from '../../local/temporal-cli.ts';
import { QUICK_RECOVERY } from '../rig/quick-recovery.ts';
import { startService, type Service } from '../rig/service.ts';
import { reached } from '../rig/slices.ts';
import { longRun, smaCross } from '../rig/specs.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const run = promisify(execFile);

/** The commands of docs/upgrade.md: how a version comes, and how one goes. */
const [ROLL_OUT, RETIRE] = [
  ...readFileSync(path.join(ROOT, 'docs/upgrade.md'), 'utf8').matchAll(/```sh\n(temporal|# Workers)([^]*?)```/g),
].map(([, first, rest]) => `${first}${rest}`);

async function shell(script: string, env: Record<string, string>): Promise<string> {
  const cli = await findTemporalCli({ env: process.env, cacheFolder: path.join(ROOT, '.holdfast/cache'), say: () => undefined });
  const PATH = `${path.dirname(cli)}:${process.env['PATH']}`;
  const { stdout } = await run('sh', ['-euc', script], {
    env: { ...process.env, PATH, TEMPORAL_ADDRESS: inject('temporalAddress'), ...env },
  });
  return stdout;
}

async function versionOf({ temporal }: Service, runId: string): Promise<string | undefined> {
  const { raw } = await temporal.workflow.getHandle(`backtest/${runId}`).describe();
  return raw.workflowExecutionInfo?.versioningInfo?.deploymentVersion?.buildId ?? undefined;
}

async function pausedHalfway(service: Service): Promise<string> {
  const { id } = await service.submit(longRun(3));
  await reached(service, id, 0.1);
  await service.post(`/v1/backtests/${id}/pause`);
  await service.until(id, ({ status }) => status === 'paused');
  return id;
}

it('a run ends on the version that it began with, and what begins later goes to the new one', { timeout: 120_000 }, async () => {
  const service = await startService({ temporalAddress: inject('temporalAddress'), env: QUICK_RECOVERY });
  onTestFinished(() => service[Symbol.asyncDispose]());
  const env = { DEPLOYMENT: service.taskQueue };
  const resumed = async (id: string): Promise<string | undefined> => {
    await service.post(`/v1/backtests/${id}/resume`);
    await service.completed(id);
    return versionOf(service, id);
  };

  const unversioned = await service.startWorker();
  const before = await pausedHalfway(service);
  await unversioned.kill('SIGTERM');
  await service.startWorker({ HOLDFAST_BUILD_ID: 'one' });
  await expect.poll(() => shell(withoutRamp(ROLL_OUT!), { ...env, NEW: 'one' }).catch(String), { timeout: 20_000 }).not.toContain('Error');
  expect(await resumed(before)).toBe('one');

  const pinned = await pausedHalfway(service);
  await service.startWorker({ HOLDFAST_BUILD_ID: 'two' });
  await expect.poll(() => shell(ROLL_OUT!, { ...env, NEW: 'two' }).catch(String), { timeout: 20_000 }).not.toContain('Error');
  const { id: later } = await service.submit(smaCross);
  await service.completed(later);
  expect(await versionOf(service, later)).toBe('two');
  expect(await resumed(pinned)).toBe('one');

  const moved = await pausedHalfway(service);
  expect(await versionOf(service, moved)).toBe('two');
  await shell(ROLL_OUT!, { ...env, NEW: 'one' });
  const retired = await shell(RETIRE!, { ...env, OLD: 'two' });
  expect(retired).toMatch(/DrainageStatus +draining[^]*Running +backtest/);
  await expect.poll(() => resumed(moved), { timeout: 30_000 }).toBe('one');

  const settings = { HOLDFAST_HOME: service.home, HOLDFAST_URL: service.url, HOLDFAST_TASK_QUEUE: service.taskQueue };
  const doctor = shell('"$0" worker/doctor.ts'.replace('$0', process.execPath), { ...settings, HOLDFAST_BUILD_ID: 'one' });
  expect(await doctor).toContain('Version of workers: one is current');
});

function withoutRamp(script: string): string {
  return script.replace(/^temporal .*set-ramping-version.*$/m, '');
}
