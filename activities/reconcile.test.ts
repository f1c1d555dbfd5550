import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { RunWorkflows, WorkflowState } from '../orchestration/run-workflows.ts';
import { createSqliteStore } from '../results/sqlite.ts';
import type { ResultStore } from '../results/store.ts';
import { BacktestSpec } from '../shared/spec.ts';
import type { Ports } from './ports.ts';
import { reconcile } from './reconcile.ts';

const OWNER = 'me';
const ID = '01990c3e-0000-7000-8000-000000000001';
const spec = BacktestSpec.parse({ data: { source: 'sample', symbols: ['AAPL'] }, strategy: { name: 'sma-cross' } });
const running = { runId: ID, epoch: 1_000, sequence: 1, change: { status: 'running', phase: 'simulate' } } as const;

let folder: string;
let results: ResultStore;
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'reconcile-'));
  results = createSqliteStore({ file: path.join(folder, 'rows.sqlite'), sync: 'normal' });
  await results.submit({ id: ID, kind: 'backtest', owner: OWNER, spec, total: 0, idempotency: null });
});
afterEach(() => {
  vi.useRealTimers();
  results.close();
  rmSync(folder, { recursive: true });
});

it('leaves a run that was accepted a moment ago to the API', async () => {
  const { calls, reconciled } = await reconcileWith(null, 0);
  expect([calls, reconciled.looked]).toEqual([[], 0]);
});

it('starts the workflow of an accepted run that has none', async () => {
  const { calls, reconciled } = await reconcileWith(null);
  expect(calls).toEqual([['start', { runId: ID, owner: OWNER, spec, checkpoint: null }]]);
  expect(reconciled.started).toBe(1);
});

it('starts a lost workflow again from the last checkpoint of the row', async () => {
  const checkpoint = { uri: 'me/1', sha256: '1'.repeat(64), bytes: 1, rows: 0 };
  await results.project({ ...running, change: { ...running.change, checkpoint } });
  const { calls } = await reconcileWith(null);
  expect(calls).toEqual([['start', { runId: ID, owner: OWNER, spec, checkpoint }]]);
});

it('closes the row of a workflow that was terminated', async () => {
  await results.project(running);
  await reconcileWith({ closed: true, outcome: 'TERMINATED', closedAt: 2_000 });
  expect(await results.get(OWNER, ID)).toMatchObject({ status: 'failed', finishedAt: 2_000, error: { code: 'workflow_ended' } });
});

it('shows a workflow that was cancelled before it began as cancelled', async () => {
  await reconcileWith({ closed: true, outcome: 'CANCELLED', closedAt: 2_000 });
  expect(await results.get(OWNER, ID)).toMatchObject({ status: 'cancelled', error: null });
});

it('delivers what was asked for while Temporal was away', async () => {
  await results.project(running);
  await results.request(OWNER, ID, 'pause');
  expect((await reconcileWith({ closed: false })).calls).toEqual([['signal', 'pause']]);
  await results.request(OWNER, ID, 'cancel');
  expect((await reconcileWith({ closed: false })).calls).toEqual([['cancel']]);
});

it('does not look at finished runs', async () => {
  await results.project({ ...running, change: { status: 'completed', finishedAt: 2_000 } });
  expect((await reconcileWith(null)).reconciled.looked).toBe(0);
});

/** Reconciles `later` milliseconds from now, with Temporal telling this of every workflow. */
async function reconcileWith(state: WorkflowState, later = 60_000) {
  const calls: unknown[] = [];
  const workflows: RunWorkflows = {
    start: async (input) => void calls.push(['start', input]),
    signal: async (_kind, _id, signal) => calls.push(['signal', signal]) > 0,
    cancel: async () => calls.push(['cancel']) > 0,
    describe: async () => state,
  };
  vi.useFakeTimers({ now: Date.now() + later, toFake: ['Date'] });
  const reconciled = await reconcile({ results, workflows } as unknown as Ports)();
  vi.useRealTimers();
  return { calls, reconciled };
}
