import { describe, expect, it } from 'vitest';
import { owner, type ContractRig } from './contract-rig.ts';

export function describeLedger({ store, open }: ContractRig): void {
  describe('the ledger of trials', () => {
    const page = { owner, strategy: 'sma-cross', source: 'sample', symbols: ['AAPL', 'MSFT'] };
    const trial = (name: string, sharpe: number | null = 0.1) => ({ name, sharpe });

    it('is empty at first', async () => {
      expect(await store().ledgerOf(page)).toEqual({ trials: 0, ratios: 0, mean: NaN, variance: NaN });
    });

    it('counts each distinct trial once, whichever process repeats it', async () => {
      await store().countTrials(page, [trial('a', 0.1), trial('b', 0.3)]);
      await open().countTrials({ ...page, symbols: ['MSFT', 'AAPL'] }, [trial('b', 9), trial('c', null), trial('c', null)]);
      const { trials, ratios, mean, variance } = await store().ledgerOf(page);
      expect({ trials, ratios }).toEqual({ trials: 3, ratios: 2 });
      expect(mean).toBeCloseTo(0.2, 12);
      // Deviations of 0.1 either way.
      expect(variance).toBeCloseTo(0.02, 12);
    });

    it('has a page for each owner, strategy, source and set of symbols', async () => {
      await store().countTrials(page, [trial('a')]);
      const others = [{ owner: 'eve' }, { strategy: 'ema-cross' }, { source: 'other' }, { symbols: ['AAPL'] }];
      for (const other of others) expect((await store().ledgerOf({ ...page, ...other })).trials).toBe(0);
    });

    it('takes 5,000 at once', async () => {
      const many = Array.from({ length: 5_000 }, (_, i) => trial(`t${i}`, i % 2));
      await store().countTrials(page, many);
      const { trials, variance } = await store().ledgerOf(page);
      expect(trials).toBe(5_000);
      expect(variance).toBeCloseTo(1_250 / 4_999, 9);
    });
  });
}
