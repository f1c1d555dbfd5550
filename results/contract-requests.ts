import { v7 as uuidv7 } from 'uuid';
import { describe, expect, it } from 'vitest';
import { owner, type ContractRig } from './contract-rig.ts';

export function describeProgress({ store, accept, change, now, finish }: ContractRig): void {
  describe('reportProgress', () => {
    it('moves forward only, in the epoch that runs, while the run is open', async () => {
      const run = await accept();
      await change(run, 3, 1, { status: 'running' });
      const report = (epoch: number, done: number) => store().reportProgress({ runId: run.id, epoch, done, perSecond: 5 });
      await report(3, 20);
      await report(3, 10);
      await report(2, 90);
      expect(await now(run)).toMatchObject({ done: 20, perSecond: 5, version: 3 });
      await finish(run);
      await change(run, 4, 1, { status: 'completed' });
      await report(4, 99);
      expect((await now(run)).done).toBe(20);
    });
  });
}

export function describeStall({ store, accept, change, now }: ContractRig): void {
  describe('reportStall', () => {
    const error = { code: 'stalled', message: 'the disk is full' };

    it('shows why an open run does not get ahead, and takes it back', async () => {
      const run = await accept();
      await change(run, 3, 1, { status: 'running' });
      const report = (reason: typeof error | null) => store().reportStall({ runId: run.id, epoch: 3, sequence: 1, error: reason });
      await report(error);
      await report(error);
      expect(await now(run)).toMatchObject({ status: 'running', error, version: 3 });
      await report(null);
      expect(await now(run)).toMatchObject({ error: null, version: 4 });
    });

    it('changes nothing once the run has moved on or ended', async () => {
      const run = await accept();
      await change(run, 3, 1, { status: 'running' });
      await store().reportStall({ runId: run.id, epoch: 3, sequence: 0, error });
      expect((await now(run)).error).toBeNull();
      await change(run, 3, 2, { status: 'completed' });
      await store().reportStall({ runId: run.id, epoch: 3, sequence: 2, error });
      expect((await now(run)).error).toBeNull();
    });
  });
}

export function describeRequest({ store, accept, now, finish }: ContractRig): void {
  describe('request', () => {
    it('is harmless when repeated, and null takes it back', async () => {
      const run = await accept();
      expect(await store().request(owner, run.id, 'pause')).toMatchObject({ requested: 'pause', version: 2 });
      expect(await store().request(owner, run.id, 'pause')).toMatchObject({ requested: 'pause', version: 2 });
      expect(await store().request(owner, run.id, null)).toMatchObject({ requested: null, version: 3 });
    });

    it('does not let a pause or resume replace a cancel', async () => {
      const run = await accept();
      await store().request(owner, run.id, 'pause');
      await store().request(owner, run.id, 'cancel');
      expect(await store().request(owner, run.id, 'resume')).toMatchObject({ requested: 'cancel' });
    });

    it('answers null for a finished run, an unknown one and that of another owner', async () => {
      const run = await accept();
      expect(await store().request('eve', run.id, 'pause')).toBeNull();
      expect(await store().request(owner, uuidv7(), 'pause')).toBeNull();
      await finish(run);
      expect(await store().request(owner, run.id, 'pause')).toBeNull();
      expect((await now(run)).requested).toBeNull();
    });
  });
}
