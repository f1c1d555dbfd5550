import { v7 as uuidv7 } from 'uuid';
import { describe, expect, it } from 'vitest';
import type { BatchProjection, BatchRow, BatchSubmission } from './batches.ts';
import { owner, specOf, type ContractRig } from './contract-rig.ts';
import { sampleResult as result } from './sample-result.ts';

export function describeBatches(rig: ContractRig): void {
  describe('batches', () => {
    describeSubmission(rig);
    describeProjections(rig);
  });
}

function batchOf(names: readonly string[], idempotency: BatchSubmission['idempotency'] = null): BatchSubmission {
  const items = names.map((name) => ({ id: uuidv7(), spec: specOf({ name, tags: ['t'] }), total: 10 }));
  return { id: uuidv7(), owner, name: 'B', items, idempotency };
}

function describeSubmission({ store, accept, ids }: ContractRig): void {
  it('are accepted with all their items, each a run of its own that is listed under the batch', async () => {
    await accept();
    const submission = batchOf(['a', 'b', 'c']);
    const submitted = await store().submitBatch(submission);
    expect(submitted).toMatchObject({
      outcome: 'accepted',
      batch: { id: submission.id, status: 'queued', items: { queued: 3, running: 0 } },
    });
    const items = submission.items.map(({ id }) => id);
    expect(await ids({ batchId: submission.id, order: 'oldest' })).toEqual(items);
    expect(await ids({ batchId: submission.id, tag: 't', order: 'newest', limit: 2 })).toEqual(items.toReversed().slice(0, 2));
    const [second] = await store().batchItems(submission.id, 1, 2);
    expect(second).toMatchObject({ id: items[1], batchId: submission.id, batchIndex: 1, spec: { name: 'b' } });
    expect(await store().getBatch('eve', submission.id)).toBeNull();
  });

  it('are accepted as a whole or not at all', async () => {
    const submission = batchOf(['a', 'b']);
    const twice = { ...submission, items: [submission.items[0]!, { ...submission.items[1]!, id: submission.items[0]!.id }] };
    await expect(store().submitBatch(twice)).rejects.toThrow();
    expect(await store().getBatch(owner, submission.id)).toBeNull();
    expect(await ids({})).toEqual([]);
  });

  it('are accepted once for one key, which no other payload may use', async () => {
    const key = { key: 'k', fingerprint: 'f', expiresAt: Date.now() + 60_000 };
    const first = batchOf(['a'], key);
    await store().submitBatch(first);
    expect(await store().submitBatch(batchOf(['a'], key))).toMatchObject({ outcome: 'replayed', batch: { id: first.id } });
    expect(await store().submitBatch(batchOf(['b'], { ...key, fingerprint: 'g' }))).toEqual({ outcome: 'key_reused' });
    expect(await ids({})).toHaveLength(1);
  });

  it('are what the reconciler looks at, and not their items', async () => {
    const submission = batchOf(['a']);
    await store().submitBatch(submission);
    const later = Date.now() + 60_000;
    expect(await store().listOpen(later, 10)).toEqual([]);
    expect((await store().listOpenBatches(later, 10)).map(({ id }) => id)).toEqual([submission.id]);
    await store().projectBatch({ batchId: submission.id, epoch: 1, sequence: 1, change: { status: 'completed', finishedAt: 5 } });
    expect(await store().listOpenBatches(later, 10)).toEqual([]);
  });
}

function describeProjections({ store }: ContractRig): void {
  const accepted = async (names: readonly string[]) => {
    const submission = batchOf(names);
    await store().submitBatch(submission);
    const change = (epoch: number, sequence: number, what: BatchProjection['change']): Promise<boolean> =>
      store().projectBatch({ batchId: submission.id, epoch, sequence, change: what });
    const now = async (): Promise<BatchRow> => (await store().getBatch(owner, submission.id))!;
    return { ids: submission.items.map(({ id }) => id), batchId: submission.id, change, now };
  };

  it('take changes in the order of (epoch, sequence), and forget a request that took effect', async () => {
    const { batchId, change, now } = await accepted(['a']);
    expect(await change(5, 2, { status: 'running', startedAt: 7 })).toBe(true);
    expect(await change(5, 1, { status: 'paused' })).toBe(false);
    expect(await change(4, 9, { status: 'paused' })).toBe(false);
    expect(await store().requestBatch(owner, batchId, 'pause')).toMatchObject({ requested: 'pause' });
    expect(await store().requestBatch('eve', batchId, 'pause')).toBeNull();
    await change(5, 3, { status: 'paused', settled: ['pause'] });
    expect(await now()).toMatchObject({ status: 'paused', requested: null, startedAt: 7 });
    expect(await store().requestBatch(owner, batchId, 'cancel')).toMatchObject({ requested: 'cancel' });
    expect(await store().requestBatch(owner, batchId, 'resume')).toMatchObject({ requested: 'cancel' });
  });

  it('count their items, and take those that are open with them when they end', async () => {
    const { ids, change, now } = await accepted(['a', 'b', 'c']);
    const done = { status: 'completed', result, finishedAt: 3 } as const;
    await store().projectAll(ids.slice(0, 2).map((runId) => ({ runId, epoch: 5, sequence: 1, change: done })));
    expect((await now()).items).toMatchObject({ completed: 2, queued: 1 });
    const error = { code: 'workflow_ended', message: 'ended' };
    await change(5, 4, { status: 'failed', error, finishedAt: 9, openItems: { status: 'failed', error } });
    expect(await now()).toMatchObject({ status: 'failed', error, finishedAt: 9, items: { completed: 2, failed: 1, queued: 0 } });
    expect(await store().get(owner, ids[2]!)).toMatchObject({ status: 'failed', error, finishedAt: 9 });
    await store().projectAll([{ runId: ids[2]!, epoch: 5, sequence: 1, change: done }]);
    expect((await now()).items).toMatchObject({ completed: 2, failed: 1 });
  });

  it('open them again together with the batch, but for those that ended by themselves', async () => {
    const { ids, change, now } = await accepted(['a', 'b', 'c']);
    const error = { code: 'strategy_failed', message: 'it threw' };
    const done = { epoch: 5, sequence: 1 };
    await store().projectAll([
      { runId: ids[0]!, ...done, change: { status: 'completed', result, finishedAt: 3 } },
      { runId: ids[1]!, ...done, change: { status: 'failed', error, finishedAt: 4 } },
    ]);
    await change(5, 4, { status: 'failed', error, finishedAt: 9, openItems: { status: 'failed', error } });
    expect(await store().finishedBatchesAmong([(await now()).id, 'another'])).toEqual([{ id: (await now()).id, finishedAt: 9 }]);
    expect(await change(6, 0, { status: 'running' })).toBe(true);
    expect(await now()).toMatchObject({ status: 'running', error: null, finishedAt: null, items: { completed: 1, failed: 1, queued: 1 } });
    expect(await store().get(owner, ids[2]!)).toMatchObject({ status: 'queued', error: null, finishedAt: null });
    expect(await store().finishedBatchesAmong([(await now()).id])).toEqual([]);
  });

  it('say what holds an open one up, unless it has written since', async () => {
    const { batchId, change, now } = await accepted(['a']);
    const error = { code: 'stalled', message: 'a full disk' };
    await change(5, 1, { status: 'running' });
    await store().reportBatchStall({ batchId, epoch: 5, sequence: 0, error });
    expect((await now()).error).toBeNull();
    await store().reportBatchStall({ batchId, epoch: 5, sequence: 1, error });
    expect(await now()).toMatchObject({ status: 'running', error });
    await change(5, 2, { status: 'paused' });
    expect((await now()).error).toBeNull();
  });
}
