import { v7 as uuidv7 } from 'uuid';
import { describe, expect, it } from 'vitest';
import { owner, type ContractRig } from './contract-rig.ts';
import type { Credential } from './credentials.ts';

const NOW = 1_000_000;

const credential = (changes: Partial<Credential> = {}): Credential => ({
  id: uuidv7(),
  kind: 'token',
  owner,
  name: 'CI',
  start: 'hf_abcd',
  scopes: ['read', 'write'],
  runId: null,
  createdAt: NOW,
  expiresAt: NOW + 1_000,
  lastUsedAt: null,
  ...changes,
});

export function describeCredentials({ store, open, accept, finish }: ContractRig): void {
  const add = async (hash: string, changes: Partial<Credential> = {}): Promise<Credential> => {
    const made = credential(changes);
    expect(await store().addCredential({ ...made, hash }, 2)).toBe(true);
    return made;
  };

  describe('credentials', () => {
    it('are found by their hash until they expire, and show when they were last used', async () => {
      const made = await add('h');
      expect(await store().useCredential('h', NOW + 5)).toEqual(made);
      expect(await open().listCredentials(owner, 'token')).toEqual([{ ...made, lastUsedAt: NOW + 5 }]);
      expect(await store().useCredential('h', NOW + 1_000)).toBeNull();
      expect(await store().useCredential('another', NOW)).toBeNull();
      await add('g', { expiresAt: null });
      expect(await store().useCredential('g', NOW * 1_000)).not.toBeNull();
    });

    it('are worth nothing once they were removed, by their owner alone', async () => {
      const { id } = await add('h');
      expect(await store().removeCredential('eve', 'token', id)).toBe(false);
      expect(await store().removeCredential(owner, 'share', id)).toBe(false);
      expect(await store().removeCredential(owner, 'token', id)).toBe(true);
      expect(await store().removeCredential(owner, 'token', id)).toBe(false);
      expect(await open().useCredential('h', NOW)).toBeNull();
    });

    it('are as many as an owner may have, of a kind, those that have expired apart', async () => {
      await add('a');
      await add('b', { expiresAt: null });
      expect(await store().addCredential({ ...credential(), hash: 'c' }, 2)).toBe(false);
      await add('d', { kind: 'share' });
      await add('e', { owner: 'eve' });
      await add('f', { createdAt: NOW + 1_000, expiresAt: NOW + 2_000 });
      expect((await store().listCredentials(owner, 'token')).map(({ createdAt }) => createdAt)).toEqual([NOW + 1_000, NOW, NOW]);
    });

    it('open one stream only where they are tickets, of twenty that ask at once', async () => {
      await add('t', { kind: 'ticket' });
      const stores = [store(), open()];
      const taken = await Promise.all(Array.from({ length: 20 }, (_, k) => stores[k % 2]!.useCredential('t', NOW)));
      expect(taken.filter((each) => each !== null)).toHaveLength(1);
    });

    it('go with the run that they read', async () => {
      const run = await accept();
      await add('s', { kind: 'share', runId: run.id });
      expect(await store().useCredential('s', NOW)).toMatchObject({ runId: run.id });
      await finish(run);
      await store().remove(owner, run.id);
      expect(await store().useCredential('s', NOW)).toBeNull();
    });
  });
}
