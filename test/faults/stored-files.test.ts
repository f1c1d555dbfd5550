import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, rmdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, inject, it, onTestFinished } from 'vitest';
import type { ArtifactRef } from '../../shared/artifact.ts';
import type { Run } from '../../shared/run.ts';
import { openArtifactStores } from '../../worker/stores.ts';
import { QUICK_RECOVERY } from '../rig/quick-recovery.ts';
import { runUndisturbed } from '../rig/references.ts';
import { alike } from '../rig/seeds.ts';
import type { Service } from '../rig/service.ts';
import { durableSlices, killMidSlice, reached } from '../rig/slices.ts';
import { longRun } from '../rig/specs.ts';
import { underFaults } from '../rig/under-faults.ts';

const spec = longRun(2);
const options = { temporalAddress: inject('temporalAddress'), env: QUICK_RECOVERY };

describe('a file that a run needs', { timeout: 300_000 }, () => {
  const damage = (file: string): void => {
    const bytes = readFileSync(file);
    bytes[bytes.length >> 1]! ^= 1;
    writeFileSync(file, bytes);
  };

  const harms = [
    { what: 'damaged', harm: damage },
    { what: 'missing', harm: (file: string) => rmSync(file) },
  ];
  it.each(alike(harms, 1))('that is $what: the run goes on from the checkpoint before', ({ harm }) =>
    underFaults(options, async (service) => {
      const { run, last, before } = await killedWithTwoCheckpoints(service);
      harm(fileOf(service, last));
      await service.startWorker();
      await service.completed(run.id);
      const next = (await durableSlices(service, run.id)).find(({ earlier }) => earlier?.sha256 === before.sha256 && earlier !== null);
      const { checkpoints } = openArtifactStores(service.home);
      expect(next?.fromBar).toBe((await checkpoints.read(before)).bar);
    }),
  );

  it('that is damaged, and is not a checkpoint: the run begins anew, and gives the same bytes', () =>
    underFaults(options, async (service) => {
      const { run, last } = await killedWithTwoCheckpoints(service);
      const { chunk } = await openArtifactStores(service.home).checkpoints.read(last);
      const file = fileOf(service, chunk!);
      damage(file);
      await service.startWorker();
      await service.completed(run.id);
      expect(existsSync(`${file}.damaged`)).toBe(true);
    }));

  async function killedWithTwoCheckpoints(service: Service) {
    const worker = await service.startWorker();
    await runUndisturbed(service, spec);
    const run = await service.submit(spec);
    await killMidSlice(service, worker, run.id, 2);
    const [before, last] = (await durableSlices(service, run.id)).slice(-2).map(({ checkpoint }) => checkpoint!);
    return { run, last: last!, before: before! };
  }
});

describe('a store of artifacts', { timeout: 300_000 }, () => {
  it('that is gone holds its runs up and nothing else; a run that was begun then says why it waits', () =>
    underFaults(options, async (service) => {
      const brief = longRun(0.1);
      await service.startWorker();
      await runUndisturbed(service, spec);
      await runUndisturbed(service, brief);
      const run = await service.submit(spec);
      await reached(service, run.id, 0.2);
      const folder = path.join(service.home, 'artifacts');
      renameSync(folder, `${folder}-away`);
      // Its steps are local ones, of which the server hears only once they have failed a few times.
      const begun = await service.submit(brief);
      const stuck = await service.until(begun.id, ({ error }) => error !== null);
      expect(stuck).toMatchObject({ finishedAt: null, error: { code: 'stalled', message: expect.stringContaining('artifacts') } });
      expect((await service.get<typeof run>(`/v1/backtests/${run.id}`)).body.status).toBe('running');
      renameSync(`${folder}-away`, folder);
      await Promise.all([run, begun].map(({ id }) => service.completed(id)));
    }));

  it('on a full disk holds its runs up, and the API says what it cannot do; with space again nothing is lost', async (context) => {
    const home = smallDisk() ?? context.skip('a small file system can be mounted by root on Linux only');
    await underFaults({ ...options, home }, async (service) => {
      await service.startWorker();
      await runUndisturbed(service, spec);
      const run = await service.submit(spec);
      await reached(service, run.id, 0.2);
      const filler = path.join(home, '99.log');
      fill(filler);
      await delay(3_000);
      expect(service.started.map(({ alive }) => alive)).toEqual([true, true]);
      const { status, body } = await service.get<typeof run>(`/v1/backtests/${run.id}`);
      expect({ status, run: body.status }).toEqual({ status: 200, run: 'running' });
      const asked = await service.post<Run & { code: string; detail: string }>('/v1/backtests', spec);
      // Rows may find room in their log yet; then this is a run like any other.
      const accepted = asked.status === 202;
      if (accepted) service.accepted.set(asked.body.id, spec);
      else expect(asked).toMatchObject({ status: 503, body: { code: 'store_unavailable', detail: expect.stringContaining('full') } });
      rmSync(filler);
      await service.completed(run.id);
      if (accepted) await service.completed(asked.body.id);
    });
  });
});

function fileOf({ home }: Service, { uri, sha256 }: ArtifactRef): string {
  return path.join(home, 'artifacts', uri.replace('/', `/${sha256.slice(0, 2)}/`));
}

/** A file system of 64 MB for a home folder; null where none can be mounted. */
function smallDisk(): string | null {
  const folder = mkdtempSync(path.join(tmpdir(), 'holdfast-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64m', 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    rmdirSync(folder);
    return null;
  }
  onTestFinished(() => {
    execFileSync('umount', ['--lazy', folder]);
    rmdirSync(folder);
  });
  const home = path.join(folder, 'home');
  mkdirSync(home);
  return home;
}

/** Writes zeros until nothing more fits. */
function fill(file: string): void {
  for (const size of [1 << 20, 1 << 12]) {
    try {
      for (;;) writeFileSync(file, new Uint8Array(size), { flag: 'a' });
    } catch (error) {
      expect(error).toMatchObject({ code: 'ENOSPC' });
    }
  }
}
