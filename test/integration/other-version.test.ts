import path from 'node:path';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { v7 as uuidv7 } from 'uuid';
import { expect, inject, it, onTestFinished, vi } from 'vitest';
import { createSqliteStore } from '../../results/sqlite.ts';
import { EMBEDDED_OWNER } from '../../shared/names.ts';
import { BacktestSpec } from '../../shared/spec.ts';
import type { BacktestInput } from '../../shared/start.ts';
import { operatorOf } from '../rig/operator.ts';
import { startService, type Service } from '../rig/service.ts';
import { smaCross } from '../rig/specs.ts';

it(
  'a run whose history another version of the code wrote says why it only looks running, until it is reset',
  { timeout: 180_000 },
  async () => {
    const service = await startService({ temporalAddress: inject('temporalAddress'), env: { HOLDFAST_RECONCILE_SECONDS: '1' } });
    onTestFinished(() => service[Symbol.asyncDispose]());
    const input: BacktestInput = { runId: uuidv7(), owner: EMBEDDED_OWNER, spec: BacktestSpec.parse(smaCross), checkpoint: null };
    await accept(service, input);
    await runOtherVersion(service, input);

    await service.startWorker();
    const operator = operatorOf(service);
    await operator.handleOf(input.runId).signal('resume');
    const stuck = await service.until(input.runId, (run) => run.error !== null);
    expect(stuck).toMatchObject({ status: 'queued', error: { code: 'stalled', message: expect.stringMatching(/nondeterminism/i) } });
    // The remedy of docs/operations.md.
    await operator.resetWorkflow(input.runId, (await operator.resetPoints(input.runId))[0]!);
    expect((await service.until(input.runId, (run) => run.status === 'completed')).error).toBeNull();
  },
);

/** The row of an accepted run, before its workflow is started. */
async function accept({ home }: Service, { runId, owner, spec }: BacktestInput): Promise<void> {
  const store = createSqliteStore({ file: path.join(home, 'rows.sqlite'), sync: 'normal' });
  await store.submit({ id: runId, kind: 'backtest', owner, spec, total: 0, idempotency: null });
  store.close();
}

/** Starts the workflow on a worker whose code does other things, and takes that worker away. */
async function runOtherVersion({ temporal, taskQueue }: Service, input: BacktestInput): Promise<void> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const connection = await NativeConnection.connect({ address: inject('temporalAddress') });
  const workflowsPath = path.join(import.meta.dirname, '../replay/planted/index.ts');
  const other = await Worker.create({ connection, taskQueue, workflowsPath });
  await other.runUntil(async () => {
    const handle = await temporal.workflow.start('backtest', { workflowId: `backtest/${input.runId}`, taskQueue, args: [input] });
    const hasBegun = async () => (await handle.fetchHistory()).events?.some((event) => event.timerStartedEventAttributes);
    await vi.waitUntil(hasBegun, { timeout: 60_000, interval: 50 });
  });
  await connection.close();
}
