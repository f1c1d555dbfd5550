import { describe, expect, it } from 'vitest';
import { owner, specOf, type ContractRig } from './contract-rig.ts';

export function describeOperators({ store, open, accept, finish }: ContractRig): void {
  describe('what operators see and forbid', () => {
    it('blocks an owner or a strategy until it is taken back, the last reason in place of an earlier one', async () => {
      const block = { kind: 'owner', name: 'eve', reason: 'mining', by: 'root', at: 5 } as const;
      const strategy = { ...block, kind: 'strategy', name: 'eve' } as const;
      await store().block(strategy);
      await store().block({ ...block, reason: 'at first', at: 4 });
      await store().block(block);
      expect(await open().listBlocks()).toEqual([block, strategy]);
      expect(await store().unblock('owner', 'eve')).toBe(true);
      expect(await store().unblock('owner', 'eve')).toBe(false);
      expect(await store().listBlocks()).toEqual([strategy]);
    });

    it('lists the runs of every owner, by pages, and says whose a run is', async () => {
      const runs = [await accept(), await accept(specOf({ strategyName: 'other' }), 'eve'), await accept()];
      await finish(runs[0]!);
      const ids = async (query: object) => (await store().listAll({ order: 'newest', limit: 50, ...query })).map(({ id }) => id);
      expect(await ids({})).toEqual(runs.map(({ id }) => id).toReversed());
      expect(await ids({ limit: 2, after: runs[2] })).toEqual([runs[1]!.id, runs[0]!.id]);
      expect(await ids({ statuses: ['queued'], order: 'oldest' })).toEqual([runs[1]!.id, runs[2]!.id]);
      expect(await ids({ strategy: 'other' })).toEqual([runs[1]!.id]);
      expect(await store().ownerOf(runs[1]!.id)).toBe('eve');
      expect(await store().ownerOf(runs[2]!.id)).toBe(owner);
      expect(await store().ownerOf('00000000-0000-7000-8000-000000000000')).toBeNull();
    });
  });
}
