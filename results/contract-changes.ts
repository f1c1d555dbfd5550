import { describe, expect, it } from 'vitest';
import { owner, specOf, type ContractRig } from './contract-rig.ts';
import { sampleRef as checkpoint } from './sample-result.ts';
import type { FullRunRow, RunChange } from './runs.ts';

const told = (changes: RunChange[]) => changes.map(({ kind, status, durableBefore, durable }) => [kind, status, durableBefore, durable]);

/** Asks a store for changes, of one run or of all. */
const asking =
  ({ store }: Pick<ContractRig, 'store'>) =>
  (after: number, run: FullRunRow | null = null, limit = 100): Promise<RunChange[]> =>
    store().changesAfter({ owner, runId: run?.id ?? null, after, limit });

export function describeChangesOfRun({ store, accept, change, now }: ContractRig): void {
  const after = asking({ store });

  describe('changesAfter, of one run', () => {
    it('tells what happened to a run in order, each change with the bars that became durable with it', async () => {
      const run = await accept();
      await change(run, 1, 1, { status: 'running', phase: 'fetch' });
      await change(run, 1, 2, { phase: 'simulate', done: 40, checkpoint });
      await change(run, 1, 3, { phase: 'simulate', done: 70, checkpoint });
      await store().request(owner, run.id, 'pause');
      expect(told(await after(0, run))).toEqual([
        ['status', 'queued', 0, 0],
        ['status', 'running', 0, 0],
        ['status', 'running', 0, 40],
        ['progress', 'running', 40, 70],
        ['status', 'running', 70, 70],
      ]);
    });

    it('tells the end of a run by itself, after its last bars', async () => {
      const run = await accept();
      await change(run, 1, 1, { status: 'completed', phase: null, done: 100, checkpoint, finishedAt: 9 });
      expect(told(await after(0, run)).slice(1)).toEqual([
        ['progress', 'completed', 0, 100],
        ['done', 'completed', 100, 100],
      ]);
      expect((await now(run)).change).toBe((await after(0, run)).at(-1)!.change);
    });

    it('shows of live progress the last of each run only, and not as durable', async () => {
      const run = await accept();
      await change(run, 1, 1, { status: 'running', done: 10, checkpoint });
      const known = (await after(0, run)).at(-1)!.change;
      for (const done of [20, 30]) await store().reportProgress({ runId: run.id, epoch: 1, done, perSecond: 5 });
      expect(await after(known)).toMatchObject([{ kind: 'progress', kept: false, done: 30, durableBefore: 10, durable: 10, perSecond: 5 }]);
      await change(run, 1, 2, { status: 'paused', done: 35, checkpoint });
      expect((await after(known, run)).map(({ kind, done, kept }) => [kind, done, kept])).toEqual([['status', 35, true]]);
    });

    it('never takes durable bars back, also when another Temporal run goes on from further back', async () => {
      const run = await accept();
      await change(run, 1, 1, { status: 'running', done: 60, checkpoint });
      await change(run, 2, 1, { done: 20, checkpoint });
      await change(run, 2, 2, { done: 80, checkpoint });
      expect((await after(0, run)).map(({ durable }) => durable)).toEqual([0, 60, 60, 80]);
    });

    it('keeps silent about a new name', async () => {
      const run = await accept();
      const { change: before } = await now(run);
      await store().update(owner, run.id, { name: 'Other' });
      expect(await after(before)).toEqual([]);
    });
  });
}

export function describeChangesOfAll({ store, accept, change, finish, open }: ContractRig): void {
  const after = asking({ store });

  describe('changesAfter, of all runs', () => {
    it('numbers changes strictly upwards over all runs of an owner, and goes on after any of them', async () => {
      const [a, b] = [await accept(), await accept()];
      await accept(specOf(), 'eve');
      await change(b, 1, 1, { status: 'running' });
      await finish(a);
      const all = await after(0);
      expect(all.map(({ runId }) => runId)).toEqual([a.id, b.id, b.id, a.id]);
      const numbers = all.map((each) => each.change);
      expect(numbers).toEqual([...new Set(numbers)].toSorted((x, y) => x - y));
      for (const [index, number] of numbers.entries()) expect(await after(number)).toEqual(all.slice(index + 1));
      expect(await after(0, null, 2)).toEqual(all.slice(0, 2));
      expect(await store().lastChange(owner)).toBe(numbers.at(-1));
      expect(await store().lastChange('nobody')).toBe(0);
    });

    it('tells every connection the same, and nothing of a run that was deleted', async () => {
      const [gone, stays] = [await accept(), await accept()];
      await finish(gone);
      await store().remove(owner, gone.id);
      expect((await after(0)).map(({ runId }) => runId)).toEqual([stays.id]);
      expect(await open().changesAfter({ owner, runId: null, after: 0, limit: 9 })).toEqual(await after(0));
    });
  });
}
