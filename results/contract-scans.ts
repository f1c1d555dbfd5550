import { describe, expect, it } from 'vitest';
import type { ContractRig } from './contract-rig.ts';

const DAY_MS = 86_400_000;
const MIDNIGHT = 20_000 * DAY_MS;

export function describeScans({ store, open }: ContractRig): void {
  describe('bookScan', () => {
    const booking = { key: 'a', owner: 'ann', bytes: 60, at: MIDNIGHT, ownerDayBytes: 100 };

    it('books up to the cap of an owner, and says what is booked when it refuses', async () => {
      expect(await store().bookScan(booking)).toEqual({ outcome: 'booked', at: MIDNIGHT });
      expect(await store().bookScan({ ...booking, key: 'b', bytes: 41 })).toEqual({ outcome: 'over_cap', booked: 60 });
      expect(await store().bookScan({ ...booking, key: 'b', bytes: 40 })).toEqual({ outcome: 'booked', at: MIDNIGHT });
      expect(await store().bookScan({ ...booking, key: 'c', owner: 'eve' })).toEqual({ outcome: 'booked', at: MIDNIGHT });
    });

    it('books a repeated fetch once, under the time of its first try', async () => {
      await store().bookScan(booking);
      expect(await store().bookScan({ ...booking, at: MIDNIGHT + 5 })).toEqual({ outcome: 'booked', at: MIDNIGHT });
      expect(await store().bookScan({ ...booking, owner: 'eve', at: MIDNIGHT + 6 })).toEqual({ outcome: 'booked', at: MIDNIGHT });
      expect((await store().bookScan({ ...booking, key: 'b', bytes: 40 })).outcome).toBe('booked');
    });

    it('begins each day anew, and keeps the time of the first try over midnight', async () => {
      await store().bookScan({ ...booking, at: MIDNIGHT - 1 });
      expect(await store().bookScan(booking)).toEqual({ outcome: 'booked', at: MIDNIGHT - 1 });
      expect(await store().bookScan({ ...booking, key: 'b', bytes: 41 })).toEqual({ outcome: 'over_cap', booked: 60 });
    });

    it('never books more than the cap for many at once, over several connections', async () => {
      const stores = [store(), open(), open()];
      const outcomes = await Promise.all(
        Array.from({ length: 30 }, (_, i) => stores[i % 3]!.bookScan({ ...booking, key: `k${i}`, bytes: 9, at: MIDNIGHT + i })),
      );
      expect(outcomes.filter(({ outcome }) => outcome === 'booked')).toHaveLength(11);
    });
  });
}
