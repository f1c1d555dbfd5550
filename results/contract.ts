import { v7 as uuidv7 } from 'uuid';
import { describe, expect, it } from 'vitest';
import { describeBatches } from './contract-batches.ts';
import { describeChangesOfAll, describeChangesOfRun } from './contract-changes.ts';
import { describeHistories } from './contract-histories.ts';
import { describeLedger } from './contract-ledger.ts';
import { describeList } from './contract-list.ts';
import { describeNights } from './contract-nights.ts';
import { describeCredentials } from './contract-credentials.ts';
import { describeOperators } from './contract-operators.ts';
import { describeEndOfRun, describeProject } from './contract-project.ts';
import { describeQuotas } from './contract-quotas.ts';
import { describeProgress, describeRequest, describeStall } from './contract-requests.ts';
import { createContractRig, owner, specOf, type ContractRig, type CreateFixture } from './contract-rig.ts';
import { describeRetention } from './contract-retention.ts';
import { describeScans } from './contract-scans.ts';
import { describeSchedules } from './contract-schedules.ts';
import { describeSourceNotes } from './contract-source-notes.ts';
import { describeSubmit } from './contract-submit.ts';
import { describeSweeps } from './contract-sweeps.ts';
import { describeUploads } from './contract-uploads.ts';
import { describeDeliveries, describeWebhooks } from './contract-webhooks.ts';

/** The behaviour of every `ResultStore`: registers its tests, each on empty rows. */
export function describeResultStore(name: string, createFixture: CreateFixture): void {
  describe(`${name} as a result store`, () => {
    const rig = createContractRig(createFixture);
    describeSubmit(rig);
    describeProject(rig);
    describeEndOfRun(rig);
    describeProgress(rig);
    describeStall(rig);
    describeRequest(rig);
    describeList(rig);
    describeBatches(rig);
    describeSweeps(rig);
    describeUploads(rig);
    describeChangesOfRun(rig);
    describeChangesOfAll(rig);
    describeScans(rig);
    describeSourceNotes(rig);
    describeRetention(rig);
    describeHistories(rig);
    describeLedger(rig);
    describeSchedules(rig);
    describeNights(rig);
    describeQuotas(rig);
    describeCredentials(rig);
    describeOperators(rig);
    describeWebhooks(rig);
    describeDeliveries(rig);
    describeOthers(rig);
  });
}

function describeOthers({ store, accept, change, finish, ids }: ContractRig): void {
  it('lists open runs of every owner, oldest first, created before a moment', async () => {
    const first = await accept();
    const second = await accept(specOf(), 'eve');
    const finished = await accept();
    await finish(finished);
    const later = Date.now() + 60_000;
    expect((await store().listOpen(later, 10)).map((run) => run.id)).toEqual([first.id, second.id]);
    expect((await store().listOpen(later, 1)).map((run) => run.id)).toEqual([first.id]);
    expect(await store().listOpen(first.createdAt, 10)).toEqual([]);
    expect((await store().listOpen(later, 1))[0]?.spec).toEqual(first.spec);
    expect((await store().listOpen(later, 10, first)).map((run) => run.id)).toEqual([second.id]);
    expect(await store().listOpen(later, 10, second)).toEqual([]);
  });

  it('knows which of some runs have finished, and when', async () => {
    const open = await accept();
    const finished = await accept(specOf(), 'eve');
    await change(finished, 1, 1, { status: 'completed', finishedAt: 9 });
    expect(await store().finishedAmong([open.id, finished.id, uuidv7()])).toEqual([{ id: finished.id, finishedAt: 9 }]);
  });

  it('deletes a finished run of its owner, and nothing else', async () => {
    const run = await accept(specOf({ tags: ['demo'] }));
    expect(await store().remove(owner, run.id)).toBe(false);
    await finish(run);
    expect(await store().remove('eve', run.id)).toBe(false);
    expect(await store().remove(owner, run.id)).toBe(true);
    expect(await store().remove(owner, run.id)).toBe(false);
    expect(await ids({ tag: 'demo' })).toEqual([]);
  });

  it('changes name and tags, and finds the run under the new ones only', async () => {
    const run = await accept(specOf({ name: 'Before', tags: ['old', 'both'] }));
    const changed = await store().update(owner, run.id, { name: 'After', tags: ['both', 'new', 'new'] });
    expect(changed).toMatchObject({ name: 'After', tags: ['both', 'new', 'new'], version: 2 });
    expect(await ids({ tag: 'old' })).toEqual([]);
    expect(await ids({ tag: 'both', symbol: 'AAPL', text: 'after' })).toEqual([run.id]);
    expect(await store().update(owner, run.id, { name: 'Once more' })).toMatchObject({ tags: ['both', 'new', 'new'] });
    expect(await store().update('eve', run.id, { name: 'Mine' })).toBeNull();
  });

  it('hides a run from everyone but its owner', async () => {
    const run = await accept();
    expect(await store().get('eve', run.id)).toBeNull();
    expect(await store().get(owner, uuidv7())).toBeNull();
  });

  it('is ready until it is closed', async () => {
    await expect(store().check()).resolves.toBeUndefined();
    store().close();
    await expect(store().check()).rejects.toMatchObject({ code: 'store_unavailable' });
    await expect(store().list(owner, { order: 'newest', limit: 1 })).rejects.toMatchObject({ code: 'store_unavailable' });
  });
}
