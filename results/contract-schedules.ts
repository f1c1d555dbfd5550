import { v7 as uuidv7 } from 'uuid';
import { describe, expect, it } from 'vitest';
import { Timing } from '../shared/schedule-timing.ts';
import { owner, specOf, type ContractRig } from './contract-rig.ts';
import type { NewSchedule, ScheduleRow } from './schedules.ts';

const timing = Timing.parse({ cron: '30 2 * * *' });
const LATER = Date.now() + 60_000;

function scheduleOf(changes: Partial<NewSchedule> = {}): NewSchedule {
  return { id: uuidv7(), owner, name: 'Nightly', spec: specOf(), timing, beginsPaused: false, idempotency: null, ...changes };
}

type Store = ReturnType<ContractRig['store']>;

export async function createdSchedule(store: Store, changes: Partial<NewSchedule> = {}): Promise<ScheduleRow> {
  const accepted = await store.createSchedule(scheduleOf(changes));
  if (accepted.outcome !== 'accepted') throw new Error(`not accepted: ${accepted.outcome}`);
  return accepted.schedule;
}

export function describeSchedules(rig: ContractRig): void {
  describe('schedules', () => {
    describeCreation(rig);
    describeApplication(rig);
  });
}

function describeCreation({ store }: ContractRig): void {
  it('are kept for their owner, newest first, and not yet applied', async () => {
    const first = await createdSchedule(store());
    const second = await createdSchedule(store(), { name: 'Second', beginsPaused: true });
    expect(first).toMatchObject({
      owner,
      name: 'Nightly',
      spec: specOf(),
      timing,
      beginsPaused: false,
      version: 1,
      applied: 0,
      removed: false,
    });
    expect(await store().getSchedule(owner, second.id)).toEqual(second);
    expect(second.beginsPaused).toBe(true);
    expect(await store().getSchedule('eve', first.id)).toBeNull();
    expect((await store().listSchedules(owner, { limit: 10 })).map(({ id }) => id)).toEqual([second.id, first.id]);
    expect((await store().listSchedules(owner, { limit: 10, after: second })).map(({ id }) => id)).toEqual([first.id]);
    expect(await store().listSchedules('eve', { limit: 10 })).toEqual([]);
  });

  it('are created once for one key, which no other payload may use', async () => {
    const idempotency = { key: 'k', fingerprint: 'f', expiresAt: LATER };
    const first = await createdSchedule(store(), { idempotency });
    expect(await store().createSchedule(scheduleOf({ idempotency }))).toEqual({ outcome: 'replayed', schedule: first });
    expect(await store().createSchedule(scheduleOf({ idempotency: { ...idempotency, fingerprint: 'g' } }))).toEqual({
      outcome: 'key_reused',
    });
    expect((await store().createSchedule(scheduleOf({ idempotency, owner: 'eve' }))).outcome).toBe('accepted');
    expect(await store().listSchedules(owner, { limit: 10 })).toHaveLength(1);
  });

  it('remember the keys of what is asked of them until they expire', async () => {
    const { id: scheduleId } = await createdSchedule(store());
    const idempotency = { key: 'k', fingerprint: 'f', expiresAt: LATER };
    const keep = (given: NewSchedule['idempotency']) => store().keepScheduleKey({ owner, scheduleId, idempotency: given });
    expect(await keep(null)).toBe('new');
    expect([await keep(idempotency), await keep(idempotency)]).toEqual(['new', 'replayed']);
    expect(await keep({ ...idempotency, fingerprint: 'g' })).toBe('key_reused');
    const old = { ...idempotency, key: 'old', expiresAt: Date.now() - 1 };
    expect([await keep(old), await keep(old)]).toEqual(['new', 'new']);
  });
}

function describeApplication({ store }: ContractRig): void {
  it('are to be applied after every change, until that very change has been applied', async () => {
    const { id } = await createdSchedule(store());
    expect((await store().everySchedule(1_000)).map((row) => row.id)).toContain(id);
    const waiting = async () => (await store().unappliedSchedules(LATER, 10)).map((row) => row.version);
    expect(await waiting()).toEqual([1]);
    expect(await store().unappliedSchedules(0, 10)).toEqual([]);
    const changed = await store().updateSchedule(owner, id, { name: 'Other', spec: specOf({ symbols: ['MSFT'] }) });
    expect(changed).toMatchObject({ name: 'Other', timing, version: 2, spec: { data: { symbols: ['MSFT'] } } });
    await store().scheduleApplied(id, 1);
    expect(await waiting()).toEqual([2]);
    await store().scheduleApplied(id, 2);
    await store().scheduleApplied(id, 1);
    expect(await waiting()).toEqual([]);
    expect(await store().updateSchedule('eve', id, { name: 'Mine' })).toBeNull();
  });

  it('are gone for their owner once removed, and altogether once that is applied', async () => {
    const { id } = await createdSchedule(store());
    await store().scheduleApplied(id, 1);
    expect(await store().removeSchedule('eve', id)).toBeNull();
    expect(await store().removeSchedule(owner, id)).toMatchObject({ removed: true, version: 2 });
    expect(await store().getSchedule(owner, id)).toBeNull();
    expect(await store().listSchedules(owner, { limit: 10 })).toEqual([]);
    expect(await store().updateSchedule(owner, id, { name: 'Back' })).toBeNull();
    expect(await store().unappliedSchedules(LATER, 10)).toMatchObject([{ id, removed: true }]);
    await store().scheduleApplied(id, 2);
    expect(await store().unappliedSchedules(LATER, 10)).toEqual([]);
    expect(await store().removeSchedule(owner, id)).toBeNull();
  });
}
