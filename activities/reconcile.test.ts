import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { ListedRun, RunWorkflows } from '../orchestration/run-workflows.ts';
import type { WorkflowState } from '../orchestration/workflow-state.ts';
import { createSqliteStore } from '../results/sqlite.ts';
import type { ResultStore } from '../results/store.ts';
import { BacktestSpec } from '../shared/spec.ts';
import type { Ports } from './ports.ts';
import { reconcile, type Reconciled } from './reconcile.ts';

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
  const { calls, reconciled } = await reconcileWith(null, { later: 0 });
  expect([calls, reconciled.looked]).toEqual([[], 0]);
});

it('starts the workflow of an accepted run that has none', async () => {
  const { calls, reconciled } = await reconcileWith(null);
  expect(calls).toEqual([['start', { runId: ID, owner: OWNER, spec, checkpoint: null, verifies: null }]]);
  expect(reconciled.started).toBe(1);
});

it('starts a lost workflow again from the last checkpoint of the row', async () => {
  const checkpoint = { uri: 'me/1', sha256: '1'.repeat(64), bytes: 1, rows: 0 };
  await results.project({ ...running, change: { ...running.change, checkpoint } });
  const { calls } = await reconcileWith(null);
  expect(calls).toEqual([['start', { runId: ID, owner: OWNER, spec, checkpoint, verifies: null }]]);
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
  expect((await reconcileWith(GOING_ON)).calls).toEqual([['signal', 'pause']]);
  await results.request(OWNER, ID, 'cancel');
  expect((await reconcileWith(GOING_ON)).calls).toEqual([['cancel']]);
});

it('does not look at finished runs', async () => {
  await results.project({ ...running, change: { status: 'completed', finishedAt: 2_000 } });
  expect((await reconcileWith(null)).reconciled.looked).toBe(0);
});

it('says why a workflow only looks running, and takes it back', async () => {
  await results.project(running);
  const stuck = { closed: false, startedAt: 1_000, stall: 'The disk is full.' } as const;
  expect((await reconcileWith(stuck)).reconciled.stalled).toBe(1);
  const shown = await results.get(OWNER, ID);
  expect(shown).toMatchObject({ status: 'running', error: { code: 'stalled', message: expect.stringContaining('The disk is full.') } });
  await reconcileWith(stuck);
  expect((await results.get(OWNER, ID))?.version).toBe(shown?.version);
  await reconcileWith(GOING_ON);
  expect(await results.get(OWNER, ID)).toMatchObject({ status: 'running', error: null });
});

it('opens the row of a finished run whose workflow was reset, and not that of one that is just ending', async () => {
  await results.project({ ...running, change: { status: 'completed', finishedAt: 2_000 } });
  expect(
    (await reconcileWith(GOING_ON, { running: [{ kind: 'backtest', runId: ID, startedAt: 1_000 } as const] })).reconciled.reopened,
  ).toBe(0);
  const reset = { running: [{ kind: 'backtest', runId: ID, startedAt: 2_001 } as const] };
  expect((await reconcileWith(GOING_ON, reset)).reconciled.reopened).toBe(1);
  expect(await results.get(OWNER, ID)).toMatchObject({ status: 'running', finishedAt: null, epoch: 2_001 });
  // What the reset run itself writes comes after.
  expect(await results.project({ ...running, epoch: 2_001, change: { done: 5 } })).toBe(true);
});

it('opens the row of a batch whose workflow was reset, and the items that ended with it', async () => {
  const items = ['a', 'b'].map(() => ({ id: uuidv7(), spec, total: 0 }));
  const batch = { id: uuidv7(), owner: OWNER, name: 'both', items, idempotency: null };
  await results.submitBatch(batch);
  const end = { status: 'failed', error: { code: 'workflow_ended', message: 'terminated' } } as const;
  await results.projectBatch({ batchId: batch.id, epoch: 1_000, sequence: 2, change: { ...end, finishedAt: 2_000, openItems: end } });
  const listed = (startedAt: number) => ({ running: [{ kind: 'batch', runId: batch.id, startedAt } as const] });
  expect((await reconcileWith(GOING_ON, listed(1_000))).reconciled.reopened).toBe(0);
  expect((await reconcileWith(GOING_ON, listed(2_001))).reconciled.reopened).toBe(1);
  expect(await results.getBatch(OWNER, batch.id)).toMatchObject({ status: 'running', error: null, finishedAt: null, items: { queued: 2 } });
});

it('says in the row of a batch why its workflow does not get ahead, until it does', async () => {
  const batch = { id: uuidv7(), owner: OWNER, name: 'one', items: [{ id: uuidv7(), spec, total: 0 }], idempotency: null };
  await results.submitBatch(batch);
  await reconcileWith({ closed: false, startedAt: 1_000, stall: 'The disk is full.' });
  const error = { code: 'stalled', message: expect.stringContaining('The disk is full.') };
  expect(await results.getBatch(OWNER, batch.id)).toMatchObject({ status: 'queued', error });
  await reconcileWith(GOING_ON);
  expect(await results.getBatch(OWNER, batch.id)).toMatchObject({ error: null });
});

it('says in the row of an item why its own workflow does not get ahead, and asks nothing of items that have none', async () => {
  const items = ['queued', 'long'].map(() => ({ id: uuidv7(), spec, total: 0 }));
  const [queued, long] = items.map(({ id }) => id) as [string, string];
  await results.submitBatch({ id: uuidv7(), owner: OWNER, name: 'both', items, idempotency: null });
  await results.project({ ...running, runId: long });
  const listed = { running: [{ kind: 'backtest', runId: long, startedAt: 1_000 } as const] };
  const asked: string[] = [];
  const tells = (stall: string | null) => (id: string) => {
    asked.push(id);
    return { ...GOING_ON, stall: id === long ? stall : null };
  };
  expect((await reconcileWith(tells('The disk is full.'), listed)).reconciled.stalled).toBe(1);
  const error = { code: 'stalled', message: expect.stringContaining('The disk is full.') };
  expect(await results.get(OWNER, long)).toMatchObject({ status: 'running', error });
  await reconcileWith(tells(null), listed);
  expect(await results.get(OWNER, long)).toMatchObject({ status: 'running', error: null });
  expect(asked).toContain(long);
  expect(asked).not.toContain(queued);
});

it('looks at any number of open runs, also when one of them cannot be looked at', async () => {
  const ids = Array.from({ length: 1_200 }, () => uuidv7());
  for (const id of ids) await results.submit({ id, kind: 'backtest', owner: OWNER, spec, total: 0, idempotency: null });
  const seen = new Set<string>();
  const { reconciled } = await reconcileWith((id) => {
    seen.add(id);
    if (id === ids[3]) throw new Error('Temporal does not answer');
    return GOING_ON;
  });
  expect(reconciled).toMatchObject({ looked: 1_201, unanswered: 1, started: 0 });
  expect(seen.size).toBe(1_201);
});

const GOING_ON: WorkflowState = { closed: false, startedAt: 1_000, stall: null };

/** Reconciles `later` milliseconds from now, with Temporal telling this of every workflow. */
async function reconcileWith(
  state: WorkflowState | null | ((id: string) => WorkflowState),
  { later = 60_000, running: listed = [] }: { later?: number; running?: ListedRun[] } = {},
) {
  const calls: unknown[] = [];
  const workflows = {
    start: async (input) => void calls.push(['start', input]),
    signal: async (_kind, _id, signal) => calls.push(['signal', signal]) > 0,
    cancel: async () => calls.push(['cancel']) > 0,
    describe: async (_kind, id) => (typeof state === 'function' ? state(id) : state),
    async *running() {
      yield* listed;
    },
  } satisfies Partial<RunWorkflows>;
  const schedules = {
    async *ids(): AsyncGenerator<string> {
      yield* [];
    },
  };
  vi.useFakeTimers({ now: Date.now() + later, toFake: ['Date'] });
  const reconciled: Reconciled = await new MockActivityEnvironment().run(reconcile({ results, workflows, schedules } as unknown as Ports));
  vi.useRealTimers();
  return { calls, reconciled };
}
