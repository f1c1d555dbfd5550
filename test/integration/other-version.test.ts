import path from 'node:path';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest';
import { createSqliteStore } from '../../results/sqlite.ts';
import { EMBEDDED_OWNER } from '../../shared/names.ts';
import { BacktestSpec } from '../../shared/spec.ts';
import type { BacktestInput } from '../../shared/start.ts';
import { operatorOf } from '../rig/operator.ts';
import { startService, type Service } from '../rig/service.ts';
import { smaCross } from '../rig/specs.ts';

describe('after a deploy of another version', { timeout: 180_000 }, () => {
  let service: Service;
  beforeAll(async () => {
    service = await startService({ temporalAddress: inject('temporalAddress'), env: { HOLDFAST_RECONCILE_SECONDS: '1' } });
  });
  afterAll(() => service[Symbol.asyncDispose]());

  it('a run whose history it wrote says why it only looks running, until it is reset', async () => {
    const input = inputOf(BacktestSpec.parse(smaCross));
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
  });

  it('a run whose spec it alone knows waits for it, and says so', async () => {
    const spec = BacktestSpec.parse(smaCross);
    const newer = { ...spec, account: { ...spec.account, laterField: true } };
    const input = inputOf(newer);
    await accept(service, input);
    const waiting = await service.until(input.runId, (run) => run.error !== null);
    expect(waiting).toMatchObject({
      status: 'running',
      error: { code: 'stalled', message: expect.stringContaining('account.laterField') },
    });
    expect(waiting.spec).toEqual(newer);
    await service.post(`/v1/backtests/${input.runId}/cancel`);
    await service.until(input.runId, (run) => run.status === 'cancelled');
  });
});

function inputOf(spec: BacktestSpec): BacktestInput {
  return { runId: uuidv7(), owner: EMBEDDED_OWNER, spec, checkpoint: null };
}

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
