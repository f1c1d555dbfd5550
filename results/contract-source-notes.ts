import { describe, expect, it } from 'vitest';
import type { CoverageNote, SymbolCheck } from '../shared/source-notes.ts';
import type { ContractRig } from './contract-rig.ts';

const coverage: CoverageNote = {
  source: 'vault',
  version: 'v1',
  coverage: { symbols: 2, from: '2024-01-02', to: '2024-03-01', bars: 80 },
  at: 5,
};
const check: SymbolCheck = {
  source: 'vault',
  version: 'v1',
  symbol: 'AAPL',
  quality: {
    checkedAt: '2024-03-02T00:00:00.000Z',
    timeframe: '1d',
    from: '2024-01-02T00:00:00.000Z',
    to: '2024-03-01T00:00:00.000Z',
    calendar: 'symbols',
    bars: 40,
    findings: [],
  },
  at: 5,
};
const flaw = {
  check: 'zeroVolume',
  symbol: 'IBM',
  count: 1,
  first: '2024-01-02T00:00:00.000Z',
  action: 'warned',
  message: 'IBM: 1',
} as const;

export function describeSourceNotes({ store, open }: ContractRig): void {
  describe('notes of sources', () => {
    it('are there for every connection, by symbol and counted', async () => {
      const flawed = { ...check, symbol: 'IBM', quality: { ...check.quality, findings: [flaw] }, at: 7 };
      await store().keepCoverage(coverage);
      await store().keepChecks([flawed, check]);
      expect(await open().symbolChecks('vault', 'v1')).toEqual([check, flawed]);
      expect(await open().sourceNotes()).toEqual({
        coverages: [coverage],
        checked: [{ source: 'vault', version: 'v1', symbols: 2, flawed: 1, at: 7 }],
      });
    });

    it('give way to newer ones, and to no older ones', async () => {
      const newer = { ...coverage, version: 'v2', at: 6 };
      await store().keepCoverage(coverage);
      await store().keepCoverage(newer);
      await store().keepCoverage(coverage);
      await store().keepChecks([check]);
      await store().keepChecks([{ ...check, version: 'v2', at: 6 }]);
      await store().keepChecks([check]);
      expect((await store().sourceNotes()).coverages).toEqual([newer]);
      expect(await store().symbolChecks('vault', 'v1')).toEqual([]);
      expect(await store().symbolChecks('vault', 'v2')).toHaveLength(1);
    });

    it('of very many symbols are kept at once', async () => {
      const checks = Array.from({ length: 2_000 }, (_, k) => ({ ...check, symbol: `S${k}` }));
      await Promise.all([store().keepChecks(checks), open().keepChecks(checks.toReversed())]);
      expect((await store().sourceNotes()).checked).toMatchObject([{ symbols: 2_000, flawed: 0 }]);
    });
  });
}
