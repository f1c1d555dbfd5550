import { v7 as uuidv7 } from 'uuid';
import { describe, expect, it } from 'vitest';
import { owner, type ContractRig } from './contract-rig.ts';
import { sampleRef as ref, sampleResult as result } from './sample-result.ts';

export function describeProject({ accept, change, now }: ContractRig): void {
  describe('project', () => {
    it('applies a change once, in the order of (epoch, sequence), whatever the order of arrival', async () => {
      const run = await accept();
      expect(await change(run, 5, 2, { status: 'running', phase: 'simulate', startedAt: 1_000 })).toBe(true);
      expect(await change(run, 5, 2, { status: 'paused' })).toBe(false);
      expect(await change(run, 5, 1, { status: 'paused' })).toBe(false);
      expect(await change(run, 4, 99, { status: 'paused' })).toBe(false);
      expect(await now(run)).toMatchObject({ status: 'running', phase: 'simulate', startedAt: 1_000, epoch: 5, sequence: 2 });
      expect(await change(run, 6, 0, { phase: 'aggregate' })).toBe(true);
      expect(await now(run)).toMatchObject({ status: 'running', phase: 'aggregate', epoch: 6, sequence: 0 });
    });

    it('raises the version with every write and leaves it alone when nothing was written', async () => {
      const run = await accept();
      await change(run, 1, 1, { status: 'running' });
      await change(run, 1, 1, { status: 'paused' });
      expect((await now(run)).version).toBe(2);
    });

    it('never takes progress back while a run is open', async () => {
      const run = await accept();
      await change(run, 1, 1, { status: 'running', done: 40 });
      await change(run, 1, 2, { done: 30 });
      expect((await now(run)).done).toBe(40);
      await change(run, 2, 0, { done: 10 });
      expect((await now(run)).done).toBe(40);
    });

    it('stores the result with its metrics, and an error', async () => {
      const run = await accept();
      await change(run, 1, 1, { status: 'failed', result, checkpoint: ref, error: { code: 'bad_data', message: 'no' }, finishedAt: 9 });
      expect(await now(run)).toMatchObject({
        result,
        metrics: result.metrics,
        checkpoint: ref,
        error: { code: 'bad_data' },
        finishedAt: 9,
      });
    });
  });
}

export function describeEndOfRun({ store, accept, change, now, finish }: ContractRig): void {
  describe('project, at the end of a run', () => {
    it('does not complete a run whose cancel was recorded before, which then ends as cancelled', async () => {
      const run = await accept();
      await change(run, 1, 1, { status: 'running' });
      await store().request(owner, run.id, 'cancel');
      expect(await change(run, 1, 2, { status: 'completed', result, finishedAt: 9 })).toBe(false);
      expect(await now(run)).toMatchObject({ status: 'running', requested: 'cancel', result: null, finishedAt: null });
      expect(await change(run, 1, 3, { status: 'cancelled', result, finishedAt: 9 })).toBe(true);
      expect(await now(run)).toMatchObject({ status: 'cancelled', requested: null });
    });

    it('changes a finished run only from another Temporal run', async () => {
      const run = await accept();
      await change(run, 1, 1, { status: 'completed', result, finishedAt: 9, done: 100 });
      expect(await change(run, 1, 2, { status: 'running' })).toBe(false);
      expect(await change(run, 2, 0, { status: 'running', done: 20 })).toBe(true);
      const again = { status: 'running', done: 20, result: null, metrics: null, finishedAt: null };
      expect(await now(run)).toMatchObject(again);
    });

    it('forgets what was requested once it took effect or the run ended', async () => {
      const run = await accept();
      await store().request(owner, run.id, 'pause');
      await change(run, 1, 1, { status: 'pausing' });
      expect((await now(run)).requested).toBe('pause');
      await change(run, 1, 2, { status: 'paused', settled: ['pause'] });
      expect((await now(run)).requested).toBeNull();
      // Recorded while the run stopped: a resume is not undone by the pause before it.
      await store().request(owner, run.id, 'resume');
      await change(run, 1, 3, { settled: ['pause'] });
      expect((await now(run)).requested).toBe('resume');
      await store().request(owner, run.id, 'cancel');
      await finish(run, 'cancelled');
      expect((await now(run)).requested).toBeNull();
    });

    it('answers false for a run that does not exist', async () => {
      expect(await store().project({ runId: uuidv7(), epoch: 1, sequence: 1, change: {} })).toBe(false);
    });
  });
}
