import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import { expectNothingLost } from '../rig/invariants.ts';
import { operatorOf } from '../rig/operator.ts';
import { QUICK_RECOVERY } from '../rig/quick-recovery.ts';
import { runUndisturbed } from '../rig/references.ts';
import { alike } from '../rig/seeds.ts';
import { startService } from '../rig/service.ts';
import { reached } from '../rig/slices.ts';
import { longRun, smaCross } from '../rig/specs.ts';
import { startOwnTemporal } from '../rig/temporal-server.ts';

const DOC = readFileSync(path.resolve(import.meta.dirname, '../../docs/operations.md'), 'utf8');
/** The commands of docs/operations.md, one for each part, and those that bring them back. */
const [, BACKUP = ''] = /### Backup and restore[^]*?```sh\n([^]*?)```/.exec(DOC) ?? [];
const [, RESTORE = ''] = /Restore, with every process[^]*?```sh\n([^]*?)```/.exec(DOC) ?? [];
const PARTS = { temporal: lineWith('temporal.sqlite'), rows: lineWith('rows.sqlite'), files: lineWith('artifacts') };
type Part = keyof typeof PARTS;

function lineWith(word: string): string {
  return BACKUP.split('\n').find((line) => line.includes(word) && !line.startsWith('#'))!;
}

function folder(): string {
  const made = mkdtempSync(path.join(tmpdir(), 'holdfast-restore-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

const long = longRun(3);

const ORDERS: readonly { order: [Part, Part, Part] }[] = [
  { order: ['temporal', 'rows', 'files'] },
  { order: ['rows', 'temporal', 'files'] },
];

it.each(alike(ORDERS, 1))(
  'rows and workflows agree again after a restore of $order.0, $order.1 and $order.2 that were copied at different moments',
  { timeout: 180_000 },
  async ({ order }) => {
    const [HOLDFAST_HOME, copies] = [folder(), folder()];
    const shell = (script: string) =>
      promisify(execFile)('sh', ['-euc', script], { env: { ...process.env, HOLDFAST_HOME, BACKUP: copies } });
    const temporal = await startOwnTemporal([], HOLDFAST_HOME);
    onTestFinished(() => temporal[Symbol.asyncDispose]());
    const service = await startService({ temporalAddress: temporal.address, home: HOLDFAST_HOME, env: QUICK_RECOVERY });
    onTestFinished(() => service[Symbol.asyncDispose]());
    const worker = await service.startWorker();
    await runUndisturbed(service, smaCross);
    await runUndisturbed(service, long);

    const paused = await service.submit(long);
    await reached(service, paused.id, 0.1);
    await service.post(`/v1/backtests/${paused.id}/pause`);
    await service.until(paused.id, ({ status }) => status === 'paused');
    const running = await service.submit(long);
    await reached(service, running.id, 0.1);
    await shell(PARTS[order[0]]);
    const between = await service.submit(smaCross);
    await service.completed(between.id);
    await reached(service, running.id, 0.5);
    await shell(PARTS[order[1]]);
    const after = await service.submit(smaCross);
    await service.completed(after.id);
    await service.completed(running.id);
    await shell(PARTS[order[2]]);

    await Promise.all([worker, service.api, temporal.server].map((each) => each.kill('SIGKILL')));
    await shell(RESTORE);
    await temporal.start();
    await Promise.all([service.startApi(), service.startWorker()]);

    // What was accepted after the copy of the rows is gone, and nothing else.
    const lost = order[0] === 'rows' ? [between, after] : [after];
    for (const { id } of lost) {
      expect((await service.get(`/v1/backtests/${id}`)).status).toBe(404);
      service.accepted.delete(id);
    }
    expect((await service.get<{ status: string }>(`/v1/backtests/${paused.id}`)).body.status).toBe('paused');
    await service.post(`/v1/backtests/${paused.id}/resume`);
    for (const id of service.accepted.keys()) await service.completed(id);
    // Temporal's older copy does not know it, and nothing has to be done: it has ended.
    await expectNothingLost(service, order[0] === 'temporal' ? [between.id] : []);
    const stillRunning = [];
    for (const { id } of lost) {
      const state = await operatorOf(service)
        .handleOf(id)
        .describe()
        .catch(() => null);
      if (state?.status.name === 'RUNNING') stillRunning.push(id);
    }
    expect(stillRunning).toEqual([]);
  },
);
