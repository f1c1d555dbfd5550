import { describe, expect, it } from 'vitest';
import { temporaryStore } from '../artifacts/temporary-store.ts';
import type { CoverageNote, SymbolCheck } from '../shared/source-notes.ts';
import { BacktestSpec } from '../shared/spec.ts';
import { bundledSources, createMarketData } from './catalog.ts';
import type { SourceMemory } from './source-memory.ts';
import type { BarSource } from './source.ts';

interface Notes extends SourceMemory {
  coverages: CoverageNote[];
  checks: SymbolCheck[];
}

function createMemory(): Notes {
  const notes: Pick<Notes, 'coverages' | 'checks'> = { coverages: [], checks: [] };
  return {
    ...notes,
    keepCoverage: async (note) => void notes.coverages.push(note),
    sourceNotes: async () => ({ coverages: notes.coverages, checked: [] }),
    symbolChecks: async () => notes.checks,
  };
}

/** The sample as if it lay elsewhere: with a revision, and looking costs something. */
function farAway(changes: Partial<BarSource> = {}): BarSource {
  const sample: BarSource = { ...bundledSources()[0]! };
  delete sample.glance;
  return { ...sample, revision: async () => 'r1', ...changes };
}

async function marketDataOf(source: BarSource, memory: SourceMemory) {
  const { artifacts } = await temporaryStore();
  return createMarketData({ sources: [source], artifacts, memory });
}

const covered = { symbols: 5, from: '2000-03-01', to: '2013-03-01', bars: 12_154 };

describe('a list of sources', () => {
  it('knows what a source covers that another process has asked, and asks none itself', async () => {
    const memory = createMemory();
    const asked = await marketDataOf(farAway(), memory);
    expect((await asked.sources())[0]!.coverage).toBeUndefined();
    await asked.symbols('sample');
    const elsewhere = await marketDataOf(farAway({ symbols: () => Promise.reject(new Error('was asked')) }), memory);
    expect((await elsewhere.sources())[0]!.coverage).toEqual({ ...covered, asOf: expect.any(String) });
    const configuredAnew = await marketDataOf(farAway({ version: 'another' }), memory);
    expect((await configuredAnew.sources())[0]!.coverage).toBeUndefined();
  });

  it('does not wait for a source that is slow, nor lack one that is away', async () => {
    const memory = createMemory();
    await (await marketDataOf(farAway(), memory)).symbols('sample');
    const forever = new Promise<never>(() => undefined);
    for (const glance of [() => forever, () => Promise.reject(new Error('connection refused'))])
      expect((await (await marketDataOf(farAway({ glance }), memory)).sources())[0]!.coverage).toMatchObject(covered);
  });

  it('is not noted again for an answer that was noted', async () => {
    const memory = createMemory();
    const symbols = await bundledSources()[0]!.symbols();
    const marketData = await marketDataOf(farAway({ symbols: async () => symbols }), memory);
    await marketData.symbols('sample');
    await marketData.symbols('sample');
    expect(memory.coverages).toHaveLength(1);
  });
});

describe('a fetch', () => {
  const fetchedOf = async (source: string, symbols: string[], data: object = {}): Promise<SymbolCheck[]> => {
    const { artifacts } = await temporaryStore();
    const marketData = createMarketData({ sources: bundledSources(), artifacts });
    const spec = BacktestSpec.parse({ data: { source, symbols, ...data }, strategy: { name: 'buy-and-hold' } });
    let told: SymbolCheck[] = [];
    await marketData.fetch(spec, new AbortController().signal, Date.now(), (checks) => (told = checks));
    return told;
  };

  it('tells what is found of each symbol by itself, also what the run does not want to hear of', async () => {
    const [apple, facebook] = await fetchedOf('sample', ['AAPL', 'FB'], { quality: { gaps: 'ignore', calendar: 'weekdays' } });
    expect(apple).toMatchObject({
      symbol: 'AAPL',
      quality: { bars: 3270, from: '2000-03-01T00:00:00.000Z', to: '2013-03-01T00:00:00.000Z' },
    });
    expect(apple!.quality.findings.map(({ check, symbol }) => [check, symbol])).toContainEqual(['gaps', 'AAPL']);
    expect(facebook!.quality.bars).toBe(196);
    expect(facebook!.quality.findings.every(({ symbol }) => symbol === 'FB')).toBe(true);
  });

  it('tells nothing of symbols that are made up', async () => {
    expect(await fetchedOf('synthetic', ['X'], { synthetic: { bars: 100 } })).toEqual([]);
  });
});
