import { describe, expect, it } from 'vitest';
import { bundledSources, createMarketData } from '../market-data/catalog.ts';
import type { BarSource } from '../market-data/source.ts';
import { createModuleCatalog } from '../module-host/module-catalog.ts';
import { createModuleFiles } from '../module-host/module-files.ts';
import { temporaryStore } from '../artifacts/temporary-store.ts';
import { checkSpec } from './check-spec.ts';
import { createStrategyCatalog } from './strategy-catalog.ts';

/** The bundled bars, as if a user had brought a column with those of one symbol. */
async function portsWith(columns: string[]) {
  const sample = bundledSources()[0]!;
  const source: BarSource = {
    ...sample,
    symbols: async () => (await sample.symbols()).map((info) => (info.symbol === 'IBM' ? { ...info, columns } : info)),
  };
  const { artifacts } = await temporaryStore();
  return {
    marketData: createMarketData({ sources: [source], artifacts }),
    strategies: createStrategyCatalog(createModuleCatalog(createModuleFiles('strategies/modules'))),
  };
}

const specOf = (symbols: string[], enterLong: string) => ({
  data: { source: 'sample', symbols },
  strategy: { rules: { enterLong, exitLong: 'close < open' } },
});

describe('rules that name a column of the data', () => {
  it('are accepted where a symbol of the run has it', async () => {
    const { spec, bars } = await checkSpec(specOf(['AAPL', 'IBM'], 'signal > 0'), await portsWith(['signal']));
    expect(spec.data.symbols).toEqual(['AAPL', 'IBM']);
    expect(bars).toBeGreaterThan(1_000);
  });

  it.each([
    ['where no symbol of the run has it', ['AAPL'], 'signal > 0', { from: 0, to: 6, message: 'signal' }],
    [
      'with the nearest name where it is misspelt',
      ['IBM'],
      'close > 1 && signl > 0',
      { from: 13, to: 18, message: 'did you mean "signal"?' },
    ],
  ])('are refused %s, at their place', async (_where, symbols, enterLong, { message, ...place }) => {
    const refused = checkSpec(specOf(symbols, enterLong), await portsWith(['signal']));
    await expect(refused).rejects.toMatchObject({
      code: 'invalid_spec',
      faults: [{ path: 'strategy.rules.enterLong', message: expect.stringContaining(message), ...place }],
    });
  });
});
