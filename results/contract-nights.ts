import { v7 as uuidv7 } from 'uuid';
import { describe, expect, it } from 'vitest';
import type { NightComparison } from '../shared/schedule.ts';
import { owner, specOf, type ContractRig } from './contract-rig.ts';
import { createdSchedule } from './contract-schedules.ts';
import type { NewNight, ScheduleRow } from './schedules.ts';

const comparison: NightComparison = {
  revised: [],
  before: null,
  metrics: {},
  trades: { opened: 0, closed: 0, latest: [] },
  ranking: null,
  continued: { newBars: 3, full: null },
};

export function describeNights(rig: ContractRig): void {
  describe('nights', () => {
    describeAcceptance(rig);
    describeHistory(rig);
  });
}

function nightOf({ id: scheduleId }: ScheduleRow, nominalAt: number, changes: Partial<NewNight> = {}): NewNight {
  return {
    launch: uuidv7(),
    scheduleId,
    owner,
    nominalAt,
    kind: 'backtest',
    spec: specOf(),
    total: 100,
    runId: uuidv7(),
    again: uuidv7(),
    ...changes,
  };
}

function describeAcceptance({ store }: ContractRig): void {
  it('are accepted with their run, once for one launch', async () => {
    const schedule = await createdSchedule(store());
    const night = nightOf(schedule, 1_000);
    expect(await store().submitNight(night)).toMatchObject({
      outcome: 'accepted',
      run: { id: night.runId, status: 'queued', total: 100 },
    });
    expect(await store().submitNight(night)).toMatchObject({ outcome: 'replayed', run: { id: night.runId } });
    const another = { ...night, launch: uuidv7(), runId: uuidv7(), limits: { openRuns: 1 } };
    expect(await store().submitNight(another)).toMatchObject({ outcome: 'over_quota', limit: 'openRuns', used: 1 });
    const [row, ...others] = await store().nights(owner, schedule.id, { limit: 10 });
    expect(others).toEqual([]);
    expect(row).toMatchObject({ launch: night.launch, nominalAt: 1_000, runId: night.runId, error: null, comparison: null });
    expect(row!.run).toMatchObject({ id: night.runId, owner, status: 'queued' });
    expect(await store().nightOf(owner, night.runId)).toEqual(row);
    expect(await store().nightOf('eve', night.runId)).toBeNull();
    expect(await store().nightOf(owner, uuidv7())).toBeNull();
  });

  it('that are repeated have a run each', async () => {
    const schedule = await createdSchedule(store());
    const first = nightOf(schedule, 1_000);
    await store().submitNight(first);
    const second = nightOf(schedule, 1_000, { runId: first.runId });
    expect(await store().submitNight(second)).toMatchObject({ outcome: 'accepted', run: { id: second.again } });
    expect(await store().nights(owner, schedule.id, { limit: 10 })).toHaveLength(2);
  });

  it('that were refused say why, and have no run', async () => {
    const schedule = await createdSchedule(store());
    const { launch, scheduleId, nominalAt } = nightOf(schedule, 1_000);
    const error = { code: 'invalid_spec', message: 'no such symbol' };
    const refused = { launch, scheduleId, nominalAt, owner, error };
    await store().refuseNight(refused);
    await store().refuseNight(refused);
    expect(await store().nights(owner, schedule.id, { limit: 10 })).toMatchObject([{ runId: null, run: null, error }]);
  });
}

function describeHistory({ store, finish, now }: ContractRig): void {
  it('are listed latest first, in pages, up to a time, and by those that completed', async () => {
    const schedule = await createdSchedule(store());
    const nights = [nightOf(schedule, 1_000), nightOf(schedule, 3_000), nightOf(schedule, 2_000)];
    for (const night of nights) await store().submitNight(night);
    const times = async (query: object) => (await store().nights(owner, schedule.id, { limit: 10, ...query })).map((row) => row.nominalAt);
    expect(await times({})).toEqual([3_000, 2_000, 1_000]);
    expect(await times({ limit: 1 })).toEqual([3_000]);
    expect(await times({ after: nights[1] })).toEqual([2_000, 1_000]);
    expect(await times({ until: 2_000 })).toEqual([2_000, 1_000]);
    const run = await store().get(owner, nights[0]!.runId);
    await finish(run!);
    expect(await times({ completed: true })).toEqual([1_000]);
    expect(await store().nights('eve', schedule.id, { limit: 10 })).toEqual([]);
  });

  it('keep what was compared, and outlive their run but not their schedule', async () => {
    const schedule = await createdSchedule(store());
    const night = nightOf(schedule, 1_000);
    const submitted = await store().submitNight(night);
    await store().compareNight(night.launch, comparison);
    if (submitted.outcome !== 'accepted') throw new Error('not accepted');
    await finish(submitted.run);
    await store().remove(owner, night.runId);
    expect(await store().nights(owner, schedule.id, { limit: 10 })).toMatchObject([{ runId: night.runId, run: null, comparison }]);
    const kept = await store().submitNight({ ...nightOf(schedule, 2_000) });
    await store().removeSchedule(owner, schedule.id);
    await store().scheduleApplied(schedule.id, 2);
    expect(await store().nights(owner, schedule.id, { limit: 10 })).toEqual([]);
    if (kept.outcome !== 'accepted') throw new Error('not accepted');
    expect(await now(kept.run)).toMatchObject({ status: 'queued' });
  });
}
