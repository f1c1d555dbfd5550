import { expect, it } from 'vitest';
import { owner, specOf, type ContractRig } from './contract-rig.ts';
import { sampleRef } from './sample-result.ts';

export function describeHistories({ store, accept, change }: ContractRig): void {
  it('gives runs that ended after a moment and have no history of that end, first ended first', async () => {
    const [late, early, before, open] = [await accept(), await accept(specOf(), 'eve'), await accept(), await accept()];
    await change(late, 1, 1, { status: 'failed', finishedAt: 30 });
    await change(early, 1, 1, { status: 'cancelled', finishedAt: 20 });
    await change(before, 1, 1, { status: 'cancelled', finishedAt: 10 });
    await change(open, 1, 1, { status: 'running' });
    const ended = { runId: early.id, kind: 'backtest', owner: 'eve', finishedAt: 20 };
    expect(await store().withoutHistory(10, 1)).toEqual([ended]);
    expect((await store().withoutHistory(10, 9)).map(({ runId }) => runId)).toEqual([early.id, late.id]);

    await store().keepHistory({ runId: early.id, finishedAt: 20 }, sampleRef);
    await store().keepHistory({ runId: late.id, finishedAt: 30 }, null);
    expect(await store().withoutHistory(10, 9)).toEqual([]);
    // An operator has reset it, and it ended again.
    await change(early, 2, 0, { status: 'running' });
    await change(early, 2, 1, { status: 'failed', finishedAt: 40 });
    expect(await store().withoutHistory(10, 9)).toEqual([{ ...ended, finishedAt: 40 }]);
  });

  it('keeps the last history of a run, for its owner alone, as long as the run', async () => {
    const run = await accept();
    await change(run, 1, 1, { status: 'failed', finishedAt: 1 });
    expect(await store().historyOf(owner, run.id)).toBeNull();
    await store().keepHistory({ runId: run.id, finishedAt: 1 }, null);
    expect(await store().historyOf(owner, run.id)).toBeNull();
    await store().keepHistory({ runId: run.id, finishedAt: 2 }, sampleRef);
    expect(await store().historyOf(owner, run.id)).toEqual(sampleRef);
    expect(await store().historyOf('eve', run.id)).toBeNull();
    await store().remove(owner, run.id);
    expect(await store().historyOf(owner, run.id)).toBeNull();
    await store().keepHistory({ runId: run.id, finishedAt: 3 }, sampleRef);
    expect(await store().historyOf(owner, run.id)).toBeNull();
  });
}
