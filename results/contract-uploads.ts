import { describe, expect, it } from 'vitest';
import type { Upload } from '../shared/upload.ts';
import { owner, type ContractRig } from './contract-rig.ts';

export function describeUploads({ store, open }: ContractRig): void {
  describe('uploads', () => {
    it('are kept whole, and listed by name', async () => {
      expect(await store().saveUpload(uploadOf('prices'))).toBe(false);
      await store().saveUpload(uploadOf('alpha', { createdAt: 5 }));
      expect(await open().getUpload(owner, 'prices')).toEqual(uploadOf('prices'));
      expect(await store().listUploads(owner)).toEqual([uploadOf('alpha', { createdAt: 5 }), uploadOf('prices')]);
    });

    it('take the place of an earlier one of their name', async () => {
      await store().saveUpload(uploadOf('prices'));
      expect(await store().saveUpload(uploadOf('prices', { timeframe: '1h', createdAt: 9 }))).toBe(true);
      expect(await store().listUploads(owner)).toEqual([uploadOf('prices', { timeframe: '1h', createdAt: 9 })]);
    });

    it('belong to their owner alone', async () => {
      await store().saveUpload(uploadOf('prices'));
      await store().saveUpload(uploadOf('prices', { owner: 'eve', timeframe: '1m' }));
      expect(await store().getUpload(owner, 'prices')).toMatchObject({ timeframe: '1d' });
      expect(await store().removeUpload('mallory', 'prices')).toBe(false);
      expect(await store().removeUpload('eve', 'prices')).toBe(true);
      expect(await store().getUpload('eve', 'prices')).toBeNull();
      expect(await store().listUploads(owner)).toHaveLength(1);
    });

    it('are gone when they were removed', async () => {
      await store().saveUpload(uploadOf('prices'));
      expect(await store().removeUpload(owner, 'prices')).toBe(true);
      expect(await store().removeUpload(owner, 'prices')).toBe(false);
      expect(await store().listUploads(owner)).toEqual([]);
    });
  });
}

export function uploadOf(name: string, changes: Partial<Upload> = {}): Upload {
  const sha256 = 'a'.repeat(64);
  return {
    owner,
    name,
    ref: { uri: `${owner}/${sha256}`, sha256, bytes: 10, rows: 2 },
    timeframe: '1d',
    symbols: [{ symbol: 'MINE', from: '2024-01-02', to: '2024-01-03', bars: 2, timeframe: '1d', columns: ['signal'] }],
    quality: { calendar: 'symbols', bars: 2, findings: [], more: 0 },
    createdAt: 1,
    ...changes,
  };
}
