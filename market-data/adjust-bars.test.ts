import { describe, expect, it } from 'vitest';
import { temporaryStore } from '../artifacts/temporary-store.ts';
import type { Bars, CorporateActions } from '../shared/bars.ts';
import { BacktestSpec, type BacktestSpecInput } from '../shared/spec.ts';
import { createMarketData } from './catalog.ts';
import { createDatasetStore } from './dataset-store.ts';
import { createSampleSource } from './sample.ts';
import type { BarSource } from './source.ts';
import { withColumns, columnOf, type BarBlock } from './time-chunks.ts';

const DAY = 86_400_000;
const START = Date.UTC(2024, 0, 1);
const day = (number: number): number => START + number * DAY;

function rawBars(closes: readonly number[], symbol = 'A'): Bars {
  const column = (offset: number) => Float64Array.from(closes, (close) => close + offset);
  const ts = Float64Array.from(closes, (_, i) => day(i));
  return { symbol, ts, open: column(0), high: column(1), low: column(-1), close: column(0), volume: column(900) };
}

function actionsOf(splits: [day: number, ratio: number][], dividends: [day: number, amount: number][]): CorporateActions {
  const column = (pairs: [number, number][], of: (pair: [number, number]) => number) => Float64Array.from(pairs, of);
  return {
    splits: { ts: column(splits, ([at]) => day(at)), ratio: column(splits, ([, ratio]) => ratio) },
    dividends: { ts: column(dividends, ([at]) => day(at)), amount: column(dividends, ([, amount]) => amount) },
  };
}

/** A source with bars as they were traded, in blocks, and a table of actions. */
function rawSource(blocks: readonly BarBlock[], actions: CorporateActions): BarSource {
  return {
    ...createSampleSource(),
    name: 'raw',
    version: '1',
    describe: () => ({ source: 'raw', title: 'Raw', description: '', timeframes: ['1d'], timeZone: 'UTC' }),
    symbols: async () => [],
    estimate: async () => 4,
    async *fetch() {
      yield* blocks;
    },
    actions: async () => new Map([['A', actions]]),
  };
}

async function fetched(source: BarSource, data: Partial<BacktestSpecInput['data']>): Promise<Bars> {
  const { artifacts } = await temporaryStore();
  const spec = BacktestSpec.parse({ data: { source: 'raw', symbols: ['A'], ...data }, strategy: { name: 'buy-and-hold' } });
  const ref = await createMarketData({ sources: [source], artifacts }).fetch(spec, new AbortController().signal);
  return (await createDatasetStore(artifacts).read(ref)).instruments[0]!;
}

const bars = rawBars([100, 104, 50, 51]);
/** 4 a share on the second day; 2:1 on the third, with 1 a new share. */
const actions = actionsOf(
  [[2, 2]],
  [
    [1, 4],
    [2, 1],
  ],
);
const cut = (from: number, to: number): BarBlock => [withColumns(bars, (name) => columnOf(bars, name).subarray(from, to))];

describe('bars as they were traded, with a table of actions', () => {
  it.each([
    ['one block', [[bars]]],
    ['several blocks', [cut(0, 1), cut(1, 3), cut(3, 4)]],
  ])('are adjusted as asked for, from %s', async (_, blocks) => {
    const source = rawSource(blocks, actions);
    const none = await fetched(source, { adjust: 'none' });
    expect([...none.close]).toEqual([100, 104, 50, 51]);
    expect([...none.actions!.splits.ratio, ...none.actions!.dividends.amount]).toEqual([2, 4, 1]);

    const splits = await fetched(source, { adjust: 'splits', actions: true });
    expect([...splits.close]).toEqual([50, 52, 50, 51]);
    expect([...splits.volume]).toEqual([2000, 2008, 950, 951]);
    // 4 for a share of before the split are 2 for one of after it.
    expect([splits.actions!.splits.ts.length, ...splits.actions!.dividends.amount]).toEqual([0, 2, 1]);

    const total = await fetched(source, { adjust: 'total-return' });
    // The first dividend is 2 on 52: what is before it times 52 / 54. The second 1 on 50: what is before that times 50 / 51.
    expect(total.close[0]).toBeCloseTo((50 * 52 * 50) / (54 * 51), 10);
    expect(total.close[1]).toBeCloseTo((52 * 50) / 51, 10);
    expect(total.close.slice(2)).toEqual(Float64Array.of(50, 51));
    expect([...total.volume]).toEqual([1000, 1004, 950, 951]);
    expect(total.actions).toBeUndefined();
  });

  it('that begin after an action, or end before it, are in shares of all that is known', async () => {
    const later = rawSource([cut(3, 4)], actions);
    expect([...(await fetched(later, { adjust: 'splits' })).close]).toEqual([51]);
    const earlier = rawSource([cut(0, 2)], actions);
    expect([...(await fetched(earlier, { adjust: 'splits', to: '2024-01-02' })).close]).toEqual([50, 52]);
  });

  it('tell the account of actions that come after the first block', async () => {
    const none = await fetched(rawSource([cut(0, 1), cut(1, 4)], actions), { adjust: 'none' });
    expect([...none.actions!.splits.ts]).toEqual([day(2)]);
  });

  it('say in their dataset what was found in them: a split that is named is none', async () => {
    const closes = Array.from({ length: 40 }, (_, i) => (i < 20 ? 100 + (i % 2) : 50 + (i % 2)));
    const split = { ...rawBars(closes), volume: Float64Array.from(closes, (close) => 10_000 / close) };
    const { artifacts } = await temporaryStore();
    const spec = BacktestSpec.parse({ data: { source: 'raw', symbols: ['A'] }, strategy: { name: 'buy-and-hold' } });
    const checksOf = async (known: CorporateActions) => {
      const market = createMarketData({
        sources: [{ ...rawSource([[split]], known), version: String(known.splits.ts.length) }],
        artifacts,
      });
      const file = await createDatasetStore(artifacts).open(await market.fetch(spec, new AbortController().signal));
      return file.quality!.findings.map(({ check }) => check);
    };
    expect(await checksOf(actionsOf([], []))).toEqual(['splits']);
    expect(await checksOf(actionsOf([[20, 2]], []))).toEqual([]);
  });
});
