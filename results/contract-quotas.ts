import { v7 as uuidv7 } from 'uuid';
import { describe, expect, it } from 'vitest';
import type { Limits } from '../shared/limits.ts';
import { owner, specOf, type ContractRig } from './contract-rig.ts';
import { sampleRef, sampleResult as result } from './sample-result.ts';

/** All files of the sample result, of 10 bytes each. */
const RESULT_BYTES = 60;

export function describeQuotas(rig: ContractRig): void {
  describe('limits', () => {
    describeAcceptance(rig);
    describeUsage(rig);
  });
}

const submission = (limits: Limits) =>
  ({ id: uuidv7(), kind: 'backtest', owner, spec: specOf(), total: 0, idempotency: null, limits }) as const;
const batch = (count: number, limits: Limits) => {
  const items = Array.from({ length: count }, () => ({ id: uuidv7(), spec: specOf(), total: 1 }));
  return { id: uuidv7(), owner, name: 'B', items, idempotency: null, limits };
};
const submitTo =
  ({ store }: ContractRig) =>
  (limits: Limits) =>
    store().submit(submission(limits));

function describeAcceptance(rig: ContractRig): void {
  const { store, open, accept, finish } = rig;
  const submit = submitTo(rig);

  it('let no more through than there may be, of 500 at once over several connections', async () => {
    const stores = [store(), open(), open(), open()];
    const outcomes = await Promise.all(Array.from({ length: 500 }, (_, k) => stores[k % 4]!.submit(submission({ openRuns: 10 }))));
    expect(outcomes.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(10);
    expect(outcomes.find(({ outcome }) => outcome !== 'accepted')).toEqual({
      outcome: 'over_quota',
      limit: 'openRuns',
      most: 10,
      used: 10,
      wanted: 1,
    });
    expect(await store().usageOf(owner, Date.now())).toMatchObject({ openRuns: 10, trialsPerDay: 10 });
  });

  it('count what is open: an end makes room', async () => {
    const run = await accept();
    expect((await submit({ openRuns: 1 })).outcome).toBe('over_quota');
    await finish(run);
    expect((await submit({ openRuns: 1 })).outcome).toBe('accepted');
  });

  it('count each item of a batch, and accept all of them or none', async () => {
    expect(await store().submitBatch(batch(3, { trialsPerDay: 4 }))).toMatchObject({ outcome: 'accepted' });
    expect(await store().submitBatch(batch(2, { trialsPerDay: 4 }))).toMatchObject({ outcome: 'over_quota', used: 3, wanted: 2 });
    expect((await submit({ trialsPerDay: 4 })).outcome).toBe('accepted');
    expect((await store().usageOf(owner, Date.now())).trialsPerDay).toBe(4);
  });

  it('hold for each owner alone, and a day later there is room again, although runs were deleted', async () => {
    const run = await accept();
    await finish(run);
    await store().remove(owner, run.id);
    expect((await submit({ trialsPerDay: 1 })).outcome).toBe('over_quota');
    expect((await store().submit({ ...submission({ trialsPerDay: 1 }), owner: 'eve' })).outcome).toBe('accepted');
    expect((await store().usageOf(owner, Date.now() + 86_400_000)).trialsPerDay).toBe(0);
  });
}

function describeUsage(rig: ContractRig): void {
  const { store, accept, change } = rig;
  const submit = submitTo(rig);

  it('do not hold for what was accepted before', async () => {
    const idempotency = { key: 'k', fingerprint: 'f', expiresAt: Date.now() + 60_000 };
    await store().submit({ ...submission({ openRuns: 1 }), idempotency });
    expect((await store().submit({ ...submission({ openRuns: 1 }), idempotency })).outcome).toBe('replayed');
  });

  it('count simulation time, and what results and uploads take until they are removed', async () => {
    const run = await accept();
    await change(run, 1, 1, { status: 'completed', phase: null, result, finishedAt: 1 });
    const upload = { owner, name: 'mine', ref: { ...sampleRef, bytes: 7 }, timeframe: '1d', symbols: [], createdAt: 1 };
    await store().saveUpload({ ...upload, quality: { calendar: 'symbols', bars: 2, findings: [], more: 0 } });
    expect(await store().usageOf(owner, Date.now())).toMatchObject({ cpuSecondsPerDay: 0.25, storedBytes: RESULT_BYTES + 7 });
    expect(await submit({ storedBytes: RESULT_BYTES + 7 })).toMatchObject({ limit: 'storedBytes' });
    expect(await submit({ cpuSecondsPerDay: 0 })).toMatchObject({ limit: 'cpuSecondsPerDay', used: 0.25 });
    await store().remove(owner, run.id);
    await store().removeUpload(owner, 'mine');
    expect(await store().usageOf(owner, Date.now())).toMatchObject({ cpuSecondsPerDay: 0.25, storedBytes: 0 });
  });

  it('are those of the plan that the sign-in gave last', async () => {
    expect(await store().planOf(owner)).toBeNull();
    await store().notePlan(owner, 'pro');
    await store().notePlan('eve', 'free');
    expect(await store().planOf(owner)).toBe('pro');
    await store().notePlan(owner, null);
    expect(await store().planOf(owner)).toBeNull();
  });

  it('count what metered sources scanned', async () => {
    await store().bookScan({ key: 'a', owner, bytes: 60, at: Date.now(), ownerDayBytes: 100 });
    expect(await submit({ scannedBytesPerDay: 60 })).toMatchObject({ limit: 'scannedBytesPerDay', used: 60 });
    expect((await submit({ scannedBytesPerDay: 61 })).outcome).toBe('accepted');
  });
}
