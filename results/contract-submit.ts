import { v7 as uuidv7 } from 'uuid';
import { describe, expect, it } from 'vitest';
import { owner, specOf, type ContractRig } from './contract-rig.ts';

export function describeSubmit({ store, open, accept, now, finish, ids }: ContractRig): void {
  describe('submit', () => {
    it('gives back the row that get reads', async () => {
      const run = await accept(specOf({ name: 'My run', tags: ['demo'] }));
      expect(await now(run)).toStrictEqual(run);
      expect(run).toMatchObject({ status: 'queued', name: 'My run', tags: ['demo'], symbols: ['AAPL'], total: 100, done: 0, version: 1 });
    });

    it('names a run without a name after its strategy and symbols', async () => {
      expect((await accept(specOf({ symbols: ['AAPL', 'IBM'] }))).name).toBe('sma-cross on AAPL, IBM 1d');
    });

    it('keeps which run is to be repeated', async () => {
      const first = await accept();
      expect(first.verifies).toBeNull();
      const submission = { kind: 'backtest', owner, spec: specOf(), total: 0, idempotency: null, verifies: first.id } as const;
      const id = uuidv7();
      await store().submit({ ...submission, id });
      expect((await open().get(owner, id))!.verifies).toBe(first.id);
    });

    it('accepts one run for a hundred parallel submissions with one key, over several connections', async () => {
      const stores = [store(), open(), open(), open()];
      const idempotency = { key: 'k', fingerprint: 'f', expiresAt: Date.now() + 60_000 };
      const outcomes = await Promise.all(
        Array.from({ length: 100 }, (_, i) =>
          stores[i % stores.length]!.submit({ id: uuidv7(), kind: 'backtest', owner, spec: specOf(), total: 0, idempotency }),
        ),
      );
      expect(outcomes.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(1);
      expect(outcomes.filter(({ outcome }) => outcome === 'replayed')).toHaveLength(99);
      expect(new Set(outcomes.map((each) => ('run' in each ? each.run.id : null))).size).toBe(1);
      expect(await ids({})).toHaveLength(1);
    });

    it('refuses a key that came with another payload and writes nothing', async () => {
      const idempotency = { key: 'k', fingerprint: 'f', expiresAt: Date.now() + 60_000 };
      const submission = { kind: 'backtest', owner, spec: specOf(), total: 0 } as const;
      await store().submit({ ...submission, id: uuidv7(), idempotency });
      const other = await store().submit({ ...submission, id: uuidv7(), idempotency: { ...idempotency, fingerprint: 'g' } });
      expect(other).toEqual({ outcome: 'key_reused' });
      expect(await ids({})).toHaveLength(1);
    });

    it('takes a key as new for another owner, after its expiry, and after its run was deleted', async () => {
      const submission = { kind: 'backtest', spec: specOf(), total: 0 } as const;
      const idempotency = { key: 'k', fingerprint: 'f', expiresAt: Date.now() + 60_000 };
      const first = await store().submit({ ...submission, owner, id: uuidv7(), idempotency });
      expect((await store().submit({ ...submission, owner: 'eve', id: uuidv7(), idempotency })).outcome).toBe('accepted');

      if (!('run' in first)) throw new Error(`not accepted: ${first.outcome}`);
      await finish(first.run);
      await store().remove(owner, first.run.id);
      expect((await store().submit({ ...submission, owner, id: uuidv7(), idempotency })).outcome).toBe('accepted');

      const expired = { key: 'old', fingerprint: 'f', expiresAt: Date.now() - 1 };
      await store().submit({ ...submission, owner, id: uuidv7(), idempotency: expired });
      expect((await store().submit({ ...submission, owner, id: uuidv7(), idempotency: expired })).outcome).toBe('accepted');
    });
  });
}
