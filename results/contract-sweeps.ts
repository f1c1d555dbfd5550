import { v7 as uuidv7 } from 'uuid';
import { describe, expect, it } from 'vitest';
import type { ArtifactRef } from '../shared/artifact.ts';
import { SweepSpec } from '../shared/sweep-spec.ts';
import { owner, type ContractRig } from './contract-rig.ts';
import { sampleSweepResult as result } from './sample-result.ts';
import type { FullRunRow, Projection } from './runs.ts';
import type { TrialShard } from './sweeps.ts';

export function describeSweeps(rig: ContractRig): void {
  describe('sweeps', () => {
    describeRows(rig);
    describeExtension(rig);
    describeShards(rig);
    describeTables(rig);
  });
}

const refOf = (letter: string): ArtifactRef => ({
  uri: `local/${letter.repeat(64)}`,
  sha256: letter.repeat(64),
  bytes: 10,
  rows: 3,
});

/** What these tests say often. */
function sweepsOf({ store }: Pick<ContractRig, 'store'>) {
  const spec = SweepSpec.parse({
    name: 'S',
    data: { source: 'sample', symbols: ['AAPL'] },
    strategy: { name: 'sma-cross' },
    space: { fast: { values: [5, 10] } },
    search: { kind: 'random', trials: 100 },
  });
  const accept = async (by = owner): Promise<FullRunRow<'sweep'>> => {
    const submitted = await store().submit({ id: uuidv7(), kind: 'sweep', owner: by, spec, total: 100, idempotency: null });
    if (submitted.outcome !== 'accepted') throw new Error(`not accepted: ${submitted.outcome}`);
    return submitted.run;
  };
  const now = async ({ id, owner: by }: FullRunRow<'sweep'>) => (await store().get(by, id, 'sweep'))!;
  const change = ({ id }: FullRunRow<'sweep'>, epoch: number, sequence: number, what: Projection['change']): Promise<boolean> =>
    store().project({ runId: id, epoch, sequence, change: what });
  const complete = (sweep: FullRunRow<'sweep'>, of: number, sequence = 9) =>
    change(sweep, 1, sequence, { status: 'completed', of, result, finishedAt: 5 });
  const extend = (sweep: FullRunRow<'sweep'>, trials: number, key: string | null = null, by = owner) =>
    store().extendSweep({
      owner: by,
      id: sweep.id,
      trials,
      idempotency: key === null ? null : { key, fingerprint: `${trials}`, expiresAt: Date.now() + 60_000 },
    });
  return { accept, now, change, complete, extend };
}

function describeRows(rig: ContractRig): void {
  const { store, accept: acceptBacktest, ids } = rig;
  const { accept, now, change } = sweepsOf(rig);

  it('are runs of a kind of their own: asked for by another kind there are none', async () => {
    const sweep = await accept();
    const backtest = await acceptBacktest();
    expect(sweep).toMatchObject({ kind: 'sweep', name: 'S', total: 100, spec: { search: { trials: 100 } } });
    expect(await now(sweep)).toStrictEqual(sweep);
    expect(await store().get(owner, sweep.id)).toBeNull();
    expect(await store().get(owner, backtest.id, 'sweep')).toBeNull();
    expect(await store().request(owner, sweep.id, 'pause')).toBeNull();
    expect(await store().update(owner, sweep.id, { name: 'No' })).toBeNull();
    expect(await ids({ kind: 'sweep' })).toEqual([sweep.id]);
    expect(await ids({ kind: 'backtest' })).toEqual([backtest.id]);
    expect(await ids({})).toEqual([backtest.id, sweep.id]);
  });

  it('are asked, renamed, given another priority and deleted as what they are', async () => {
    const sweep = await accept();
    expect(await store().request(owner, sweep.id, 'pause', 'sweep')).toMatchObject({ requested: 'pause' });
    expect(await store().update(owner, sweep.id, { priority: 1, name: 'T' }, 'sweep')).toMatchObject({ name: 'T', spec: { priority: 1 } });
    await change(sweep, 1, 1, { status: 'completed', result });
    expect(await now(sweep)).toMatchObject({ result, metrics: null, spec: { priority: 1, search: { trials: 100 } } });
    expect(await store().remove(owner, sweep.id)).toBe(false);
    expect(await store().remove(owner, sweep.id, 'sweep')).toBe(true);
  });

  it('tell their changes with their kind', async () => {
    const sweep = await accept();
    await change(sweep, 1, 1, { status: 'running', done: 40 });
    const changes = await store().changesAfter({ owner, runId: sweep.id, after: 0, limit: 9 });
    expect(changes.map(({ runKind, status, done }) => [runKind, status, done])).toEqual([
      ['sweep', 'queued', 0],
      ['sweep', 'running', 40],
    ]);
  });

  it('are counted while they run, and looked at whoever owns them', async () => {
    const [a, b, c] = [await accept(), await accept(), await accept('eve')];
    expect(await store().lookAtSweep(a.id)).toMatchObject({ sweep: { id: a.id }, running: 1 });
    for (const each of [a, b, c]) await change(each, 1, 1, { status: 'running' });
    expect(await store().lookAtSweep(a.id)).toMatchObject({ running: 2 });
    expect(await store().lookAtSweep(c.id)).toMatchObject({ running: 1, sweep: { owner: 'eve' } });
    await change(b, 1, 2, { status: 'paused' });
    expect(await store().lookAtSweep(a.id)).toMatchObject({ running: 1 });
    expect(await store().lookAtSweep((await acceptBacktest()).id)).toBeNull();
  });
}

function describeExtension(rig: ContractRig): void {
  const { store } = rig;
  const { accept, now, change, complete, extend } = sweepsOf(rig);

  it('can be extended to more trials while they are open, and do not complete before these are known', async () => {
    const sweep = await accept();
    await change(sweep, 1, 1, { status: 'running' });
    const extended = await extend(sweep, 200);
    expect(extended).toMatchObject({ outcome: 'extended', sweep: { status: 'running', total: 200, spec: { search: { trials: 200 } } } });
    expect(await complete(sweep, 100)).toBe(false);
    expect(await complete(sweep, 200)).toBe(true);
  });

  it('are queued again by an extension after they have completed, and go on in another Temporal run', async () => {
    const sweep = await accept();
    await complete(sweep, 100);
    expect(await extend(sweep, 150)).toMatchObject({ outcome: 'extended', sweep: { status: 'queued', result: null, finishedAt: null } });
    expect((await store().listOpen(Date.now() + 1_000, 9)).map(({ id }) => id)).toEqual([sweep.id]);
    expect(await change(sweep, 2, 1, { status: 'running' })).toBe(true);
    expect(await now(sweep)).toMatchObject({ status: 'running', total: 150 });
  });

  it('are not extended to fewer trials, by others, or once they were stopped', async () => {
    const sweep = await accept();
    expect(await extend(sweep, 100)).toMatchObject({ outcome: 'refused', sweep: { total: 100 } });
    expect(await extend(sweep, 200, null, 'eve')).toEqual({ outcome: 'unknown' });
    await store().request(owner, sweep.id, 'cancel', 'sweep');
    expect(await extend(sweep, 200)).toMatchObject({ outcome: 'refused', sweep: { requested: 'cancel' } });
    await change(sweep, 1, 1, { status: 'cancelled' });
    expect(await extend(sweep, 200)).toMatchObject({ outcome: 'refused', sweep: { status: 'cancelled' } });
  });

  it('are not extended beyond the trials of a day', async () => {
    const sweep = await accept();
    const extension = { owner, id: sweep.id, trials: 150, idempotency: null };
    const refused = { outcome: 'over_quota', limit: 'trialsPerDay', most: 149, used: 100, wanted: 50 };
    expect(await store().extendSweep({ ...extension, limits: { trialsPerDay: 149 } })).toEqual(refused);
    expect(await now(sweep)).toMatchObject({ total: 100 });
    expect(await store().extendSweep({ ...extension, limits: { trialsPerDay: 150 } })).toMatchObject({ outcome: 'extended' });
  });

  it('are extended once for one key', async () => {
    const sweep = await accept();
    expect(await extend(sweep, 200, 'k')).toMatchObject({ outcome: 'extended' });
    expect(await extend(sweep, 200, 'k')).toMatchObject({ outcome: 'extended', sweep: { total: 200 } });
    expect(await extend(sweep, 300, 'k')).toEqual({ outcome: 'key_reused' });
  });
}

function describeShards(rig: ContractRig): void {
  const { store, open } = rig;
  const { accept } = sweepsOf(rig);
  const shardOf = (sweepId: string, first: number, count: number, letter = 'a'): TrialShard => ({
    sweepId,
    family: 'f',
    first,
    count,
    cached: 1,
    cpuSeconds: 0.5,
    ref: refOf(letter),
  });

  it('keep what was done in shards, in the order of the trials, and never the same trial twice', async () => {
    const { id } = await accept();
    const store2 = open();
    for (const [first, count] of [
      [50, 10],
      [0, 20],
      [20, 20],
    ] as const)
      expect(await store().storeShard(shardOf(id, first, count), null)).toBe(true);
    for (const [first, count] of [
      [0, 20],
      [10, 5],
      [39, 2],
      [45, 30],
      [59, 1],
    ] as const)
      expect(await store2.storeShard(shardOf(id, first, count, 'b'), null)).toBe(false);
    expect(await store().shardsOf({ sweepId: id, family: 'f' }, 0, 9)).toEqual([
      shardOf(id, 0, 20),
      shardOf(id, 20, 20),
      shardOf(id, 50, 10),
    ]);
    expect((await store().shardsOf({ sweepId: id, family: 'f' }, 0, 1)).map(({ first }) => first)).toEqual([0]);
    expect((await store().shardsOf({ sweepId: id, family: 'f' }, 20, 9)).map(({ first }) => first)).toEqual([20, 50]);
    expect((await store().shardsOf({ sweepId: id, family: 'f' }, 39, 9)).map(({ first }) => first)).toEqual([20, 50]);
    expect((await store().shardsOf({ sweepId: id, family: 'f' }, 40, 9)).map(({ first }) => first)).toEqual([50]);
    expect(await store().shardsOf({ sweepId: id, family: 'f' }, 60, 9)).toEqual([]);
  });

  it('keep shards of families apart, and know which of them has most trials', async () => {
    const { id } = await accept();
    expect(await store().familyOf(id)).toBeNull();
    const of = (family: string, first: number, count: number) => store().storeShard({ ...shardOf(id, first, count), family }, null);
    expect([await of('e', 0, 8), await of('f', 4, 5), await of('f', 9, 5)]).toEqual([true, true, true]);
    expect(await store().familyOf(id)).toBe('f');
    expect((await store().shardsOf({ sweepId: id, family: 'e' }, 0, 9)).map(({ first }) => first)).toEqual([0]);
    expect((await store().shardsOf({ sweepId: id, family: 'f' }, 0, 9)).map(({ first }) => first)).toEqual([4, 9]);
  });

  it('lose their shards with their row, and take none after it', async () => {
    const sweep = await accept();
    await store().storeShard(shardOf(sweep.id, 0, 5), refOf('b'));
    await store().project({ runId: sweep.id, epoch: 1, sequence: 1, change: { status: 'cancelled' } });
    await store().remove(owner, sweep.id, 'sweep');
    expect(await store().shardsOf({ sweepId: sweep.id, family: 'f' }, 0, 9)).toEqual([]);
    expect(await store().storeShard(shardOf(sweep.id, 5, 5), refOf('c'))).toBe(false);
    expect((await store().trialTables(owner, ['f'])).map(({ ref }) => ref)).toEqual([refOf('b')]);
  });
}

function describeTables(rig: ContractRig): void {
  const { store } = rig;
  const { accept } = sweepsOf(rig);

  it('know the trials of an owner by family, and keep several tables of them as one', async () => {
    const [mine, others] = [await accept(), await accept('eve')];
    const shard = { cached: 0, cpuSeconds: 0, ref: refOf('0') };
    const keep = (sweep: FullRunRow<'sweep'>, first: number, family: string, letter: string) =>
      store().storeShard({ sweepId: sweep.id, family, first, count: 1, ...shard }, refOf(letter));
    await keep(mine, 0, 'f', 'b');
    await keep(mine, 1, 'f', 'a');
    await keep(mine, 2, 'g', 'c');
    await keep(mine, 3, 'f', 'b');
    await keep(others, 0, 'f', 'd');
    const refsOf = async (...families: string[]) => (await store().trialTables(owner, families)).map(({ ref }) => ref);
    expect(await refsOf('f')).toEqual([refOf('b'), refOf('a')]);
    expect(await refsOf('g', 'f', 'h')).toEqual([refOf('b'), refOf('a'), refOf('c')]);
    const into = { owner, family: 'f', ref: refOf('e') };
    expect(await store().mergeTrialTables(into, [refOf('b'), refOf('a')])).toBe(true);
    expect(await store().mergeTrialTables({ ...into, ref: refOf('f') }, [refOf('b'), refOf('e')])).toBe(false);
    expect(await refsOf('f')).toEqual([refOf('e')]);
    expect((await store().trialTables('eve', ['f'])).map(({ ref }) => ref)).toEqual([refOf('d')]);
  });
}
