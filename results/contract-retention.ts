import { v7 as uuidv7 } from 'uuid';
import { expect, it } from 'vitest';
import type { ArtifactRef } from '../shared/artifact.ts';
import { owner, specOf, type ContractRig } from './contract-rig.ts';
import { createdSchedule } from './contract-schedules.ts';
import { uploadOf } from './contract-uploads.ts';
import { namedFiles } from './named-files.ts';
import { NAMING_TABLES } from './retention.ts';
import { sampleResult } from './sample-result.ts';

export function describeRetention(rig: ContractRig): void {
  describeNamed(rig);
  describeForgetting(rig);
}

const refOf = (digit: string): ArtifactRef => ({ uri: `${owner}/${digit.repeat(64)}`, sha256: digit.repeat(64), bytes: 1, rows: 0 });

function describeNamed({ store, accept, change }: ContractRig): void {
  it('gives every row that names files, page by page, whoever owns it and however it ended', async () => {
    const [open, finished] = [await accept(), await accept(specOf(), 'eve')];
    await accept();
    await change(open, 1, 1, { status: 'running', checkpoint: refOf('1'), done: 1 });
    await change(finished, 1, 1, { status: 'completed', result: { ...sampleResult, dataset: refOf('2') }, checkpoint: refOf('3') });
    await store().saveUpload(uploadOf('prices', { ref: refOf('4') }));
    await store().saveUpload(uploadOf('prices', { owner: 'eve', ref: refOf('5') }));
    await store().keepHistory({ runId: finished.id, finishedAt: 1 }, refOf('6'));
    const named = [];
    for (const table of NAMING_TABLES) {
      let after: string | null = '';
      while (after !== null) {
        const page = await store().namingRows(table, after, 1);
        named.push(page);
        after = page.next;
      }
    }
    expect(named.flatMap(({ checkpoints }) => checkpoints).filter((ref) => ref !== null)).toEqual([refOf('1'), refOf('3')]);
    const all = [];
    for await (const { ref } of namedFiles(store())) all.push(ref.sha256[0]);
    expect(new Set(all)).toEqual(new Set(['1', '2', '3', '4', '5', '6', 'a']));
  });

  it('deletes what has finished before a moment, and nothing else', async () => {
    const [old, young, open] = [await accept(), await accept(), await accept()];
    await change(old, 1, 1, { status: 'completed', finishedAt: 10 });
    await change(young, 1, 1, { status: 'failed', finishedAt: 20 });
    const batch = { id: uuidv7(), owner, name: 'B', items: [{ id: uuidv7(), spec: specOf(), total: 1 }], idempotency: null };
    await store().submitBatch(batch);
    const end = { status: 'cancelled', error: null } as const;
    await store().projectBatch({
      batchId: batch.id,
      epoch: 1,
      sequence: 1,
      change: { status: 'cancelled', finishedAt: 15, openItems: end },
    });
    expect(await store().removeFinished(20, 1)).toBe(1);
    expect(await store().removeFinished(20, 10)).toBe(2);
    expect(await store().removeFinished(20, 10)).toBe(0);
    expect(await store().getBatch(owner, batch.id)).toBeNull();
    expect((await store().list(owner, { order: 'oldest', limit: 9 })).map(({ id }) => id)).toEqual([young.id, open.id]);
  });
}

function describeForgetting({ store, accept, finish, ids }: ContractRig): void {
  it('forgets an owner with every row, once nothing is open, and nobody else', async () => {
    const run = await accept(specOf({ tags: ['t'] }));
    await store().submitBatch({ id: uuidv7(), owner, name: 'B', items: [{ id: uuidv7(), spec: specOf(), total: 1 }], idempotency: null });
    const other = await accept(specOf(), 'eve');
    await store().saveUpload(uploadOf('prices'));
    await store().saveUpload(uploadOf('prices', { owner: 'eve' }));
    const [batch] = await store().listOpenBatches(Date.now() + 60_000, 1);
    await finish(run);
    expect(await store().forget(owner)).toBe(false);
    expect(await ids({})).toHaveLength(2);
    const end = { status: 'cancelled', error: null } as const;
    await store().projectBatch({
      batchId: batch!.id,
      epoch: 1,
      sequence: 1,
      change: { status: 'cancelled', finishedAt: 9, openItems: end },
    });
    const schedule = await createdSchedule(store());
    expect(await store().forget(owner)).toBe(false);
    await store().removeSchedule(owner, schedule.id);
    await store().scheduleApplied(schedule.id, schedule.version + 1);
    expect(await store().forget(owner)).toBe(true);
    expect(await ids({})).toEqual([]);
    expect(await store().getBatch(owner, batch!.id)).toBeNull();
    expect(await store().changesAfter({ owner, runId: null, after: 0, limit: 9 })).toEqual([]);
    expect(await store().listUploads(owner)).toEqual([]);
    expect(await store().get('eve', other.id)).toMatchObject({ status: 'queued' });
    expect(await store().listUploads('eve')).toHaveLength(1);
    expect((await accept()).change).toBeGreaterThan(0);
  });
}
