import { describe, expect, it } from 'vitest';
import { owner, specOf, type ContractRig } from './contract-rig.ts';
import type { RunQuery } from './runs.ts';

export function describeList({ store, accept, finish, ids }: ContractRig): void {
  describe('list', () => {
    it('shows an owner only their own runs, newest or oldest first', async () => {
      const runs = [await accept(), await accept(), await accept()].map((run) => run.id);
      await accept(specOf(), 'eve');
      expect(await ids({ order: 'oldest' })).toEqual(runs);
      expect(await ids({})).toEqual(runs.toReversed());
    });

    it('filters by status, strategy, symbol, tag and text, alone and together', async () => {
      const a = await accept(specOf({ name: 'Größe 50%', tags: ['x', 'y'], symbols: ['AAPL', 'IBM'] }));
      const b = await accept(specOf({ name: 'other_one', tags: ['y'], symbols: ['IBM'], strategyName: 'rsi-reversion' }));
      await finish(b);
      expect(await ids({ statuses: ['queued'] })).toEqual([a.id]);
      expect(await ids({ statuses: ['queued', 'completed'] })).toEqual([b.id, a.id]);
      expect(await ids({ statuses: [] })).toEqual([]);
      expect(await ids({ strategy: 'rsi-reversion' })).toEqual([b.id]);
      expect(await ids({ symbol: 'AAPL' })).toEqual([a.id]);
      expect(await ids({ symbol: 'IBM' })).toEqual([b.id, a.id]);
      expect(await ids({ symbol: 'ibm' })).toEqual([]);
      expect(await ids({ tag: 'y' })).toEqual([b.id, a.id]);
      expect(await ids({ symbol: 'IBM', tag: 'x', statuses: ['queued'], strategy: 'sma-cross' })).toEqual([a.id]);
      expect(await ids({ text: 'GRÖSSE' })).toEqual([]);
      expect(await ids({ text: 'grÖße' })).toEqual([a.id]);
      expect(await ids({ text: '%' })).toEqual([a.id]);
      expect(await ids({ text: 'R_O' })).toEqual([b.id]);
    });

    it('filters by the time of creation, both ends included', async () => {
      const { id, createdAt } = await accept();
      expect(await ids({ createdFrom: createdAt, createdTo: createdAt })).toEqual([id]);
      expect(await ids({ createdFrom: createdAt + 1 })).toEqual([]);
      expect(await ids({ createdTo: createdAt - 1 })).toEqual([]);
    });

    it.each(['newest', 'oldest'] as const)(
      'pages through all runs, %s first, without gap or repeat, while others are inserted',
      async (order) => {
        const before = [];
        for (let i = 0; i < 23; i++) before.push((await accept(specOf({ tags: ['page'] }))).id);
        const seen: string[] = [];
        let after: RunQuery['after'];
        for (;;) {
          const page = await store().list(owner, { order, limit: 5, tag: 'page', ...(after && { after }) });
          seen.push(...page.map((run) => run.id));
          const last = page.at(-1);
          if (page.length < 5 || !last) break;
          after = last;
          if (order === 'newest') await accept(specOf({ tags: ['page'] }));
        }
        expect(seen).toEqual(order === 'newest' ? before.toReversed() : before);
      },
    );
  });
}
