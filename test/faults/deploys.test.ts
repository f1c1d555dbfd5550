import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { QUICK_RECOVERY } from '../rig/quick-recovery.ts';
import { runUndisturbed } from '../rig/references.ts';
import { randomOf, seeds } from '../rig/seeds.ts';
import { durableSlices, freezeMidSlice, reached, workerOf } from '../rig/slices.ts';
import { longRun } from '../rig/specs.ts';
import { underFaults } from '../rig/under-faults.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const PLATFORM_GRACE_MS = 30_000;
const TAKEN_OVER_MS = 7_000;
const spec = longRun(4);
const options = { temporalAddress: inject('temporalAddress'), env: QUICK_RECOVERY };

describe('a worker that is asked to end', { timeout: 300_000 }, () => {
  it.each(seeds())('stores a checkpoint and ends well, and another goes on within 7 s without an attempt lost (seed %i)', (seed) =>
    underFaults({ ...options, env: { ...QUICK_RECOVERY, HOLDFAST_SLICE_SECONDS: '60' } }, async (service) => {
      const workers = await Promise.all([service.startWorker(), service.startWorker()]);
      await runUndisturbed(service, spec);
      const run = await service.submit(spec);
      // Past the first slice, so that what is left is one slice that would last longer than the deploy.
      await reached(service, run.id, randomOf(seed).between(0.55, 0.7));
      const at = await workerOf(service, run.id);
      const [worker, other] = workers[0].process.pid === at ? workers : workers.toReversed();
      const since = performance.now();
      await worker.kill('SIGTERM');
      expect(worker.process.exitCode).toBe(0);
      expect(performance.now() - since).toBeLessThan(PLATFORM_GRACE_MS);
      await service.until(run.id, async ({ status }) => status === 'completed' || (await workerOf(service, run.id)) === other.process.pid);
      expect(performance.now() - since).toBeLessThan(TAKEN_OVER_MS);
      const { manifest } = await service.completed(run.id);
      expect(manifest.slices).toBeGreaterThanOrEqual(3);
      expect(manifest.attempts).toBe(manifest.slices);
    }),
  );
});

describe('another version of the workflows', { timeout: 300_000 }, () => {
  const folders: string[] = [];
  let patched: string;
  let incompatible: string;
  beforeAll(() => {
    patched = version("if (patched('a-look-first')) await sleep(1);");
    incompatible = version('await sleep(1);');
  });
  afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));

  it('takes over running runs when its change is patched', () =>
    underFaults(options, async (service) => {
      const worker = await service.startWorker();
      await runUndisturbed(service, spec);
      const run = await service.submit(spec);
      await freezeMidSlice(service, worker, run.id);
      const before = await durableSlices(service, run.id);
      worker.thaw();
      await worker.kill('SIGTERM');
      await service.startWorker({}, patched);
      const later = await service.submit(spec);
      await Promise.all([run, later].map(({ id }) => service.completed(id)));
      expect((await durableSlices(service, run.id)).slice(0, before.length)).toEqual(before);
    }));

  it('that cannot go on with them loses none: they wait, and finish when the deploy is undone', () =>
    underFaults(options, async (service) => {
      const worker = await service.startWorker();
      await runUndisturbed(service, spec);
      const run = await service.submit(spec);
      await freezeMidSlice(service, worker, run.id);
      worker.thaw();
      await worker.kill('SIGTERM');
      const bad = await service.startWorker({}, incompatible);
      const handle = service.temporal.workflow.getHandle(`backtest/${run.id}`);
      await service.until(run.id, async () => ((await handle.describe()).raw.pendingWorkflowTask?.attempt ?? 0) > 2);
      await bad.kill('SIGTERM');
      await service.startWorker();
      await service.completed(run.id);
    }));

  /** A copy of the programs in which the workflow of a backtest begins with another statement. */
  function version(first: string): string {
    const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-version-'));
    folders.push(folder);
    const programs = readdirSync(ROOT).filter((name) => !/^(\.|node_modules$|test$|web$|docs$|bench$)/.test(name));
    for (const name of programs) cpSync(path.join(ROOT, name), path.join(folder, name), { recursive: true });
    symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'));
    const file = path.join(folder, 'workflows/backtest.ts');
    const source = readFileSync(file, 'utf8');
    const changed = source
      .replace("} from '@temporalio/workflow';", ", patched, sleep } from '@temporalio/workflow';")
      .replace('const run = openRun(input);', `const run = openRun(input);\n  ${first}`);
    expect(changed.length - source.length).toBeGreaterThan(first.length);
    writeFileSync(file, changed);
    return folder;
  }
});
