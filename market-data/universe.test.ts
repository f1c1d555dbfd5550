import { describe, expect, it } from 'vitest';
import { temporaryStore } from '../artifacts/temporary-store.ts';
import { BacktestSpec, type BacktestSpecInput } from '../shared/spec.ts';
import { bundledSources, createMarketData } from './catalog.ts';
import { createDatasetStore } from './dataset-store.ts';
import { membershipOf, membersIn } from './universe.ts';

const signal = new AbortController().signal;
const member = (symbol: string, from: number, to: number) => ({ symbol, from, to });

function specOf(data: BacktestSpecInput['data']): BacktestSpec {
  return BacktestSpec.parse({ data, strategy: { name: 'equal-weight' } });
}

async function marketData() {
  const { artifacts } = await temporaryStore();
  return { artifacts, data: createMarketData({ sources: bundledSources(), artifacts }) };
}

describe('membership', () => {
  it('joins stretches that touch or overlap, and keeps the others apart', () => {
    expect(membershipOf([member('A', 30, Infinity), member('A', 0, 10), member('A', 5, 20), member('A', 20, 25)])).toEqual({
      from: Float64Array.of(0, 30),
      to: Float64Array.of(25, Infinity),
    });
  });

  it('that ends before it begins is refused', () => {
    expect(() => membershipOf([member('A', 10, 10)])).toThrow(expect.objectContaining({ code: 'bad_data' }));
  });

  it('counts for a range that it touches', () => {
    const day = (date: string) => Date.parse(date);
    const members = [
      member('LEFT', day('2000-01-01'), day('2005-01-01')),
      member('CAME', day('2005-12-31'), Infinity),
      member('BOTH', day('1990-01-01'), Infinity),
    ];
    expect(membersIn(members, { from: '2005-01-01', to: '2005-12-31' })).toEqual(['BOTH', 'CAME']);
    expect(membersIn(members, { from: '2004-12-31', to: '2005-12-30' })).toEqual(['BOTH', 'LEFT']);
    expect(membersIn(members, {})).toEqual(['BOTH', 'CAME', 'LEFT']);
  });
});

describe('a spec with a universe', () => {
  it('has everyone as symbols who was a member in its range, not only those of its end', async () => {
    const { data } = await marketData();
    const spec = await data.withMembers(specOf({ source: 'sample', universe: 'most-traded', from: '2004-06-01', to: '2005-06-30' }));
    // 2004: AAPL, IBM, MSFT; 2005: GOOG came for AAPL.
    expect(spec.data.symbols).toEqual(['AAPL', 'GOOG', 'IBM', 'MSFT']);
    expect((await data.check(spec)).faults).toEqual([]);
    expect((await data.check(spec)).columns).toEqual(['member']);
  });

  it('keeps the symbols that it names', async () => {
    const { data } = await marketData();
    const spec = specOf({ source: 'sample', universe: 'most-traded', symbols: ['IBM'] });
    expect(await data.withMembers(spec)).toBe(spec);
  });

  it.each([
    ['most-trade', {}, /"most-trade" is not known. Did you mean "most-traded"/],
    ['most-traded', { from: '2000-01-03', to: '2000-06-30' }, /no members between/],
  ] as const)('is refused for %s %j', async (universe, range, message) => {
    const { data } = await marketData();
    const spec = await data.withMembers(specOf({ source: 'sample', universe, ...range }));
    expect((await data.check(spec)).faults).toEqual([{ path: 'data.universe', message: expect.stringMatching(message) }]);
  });

  it('is refused where the source has none', async () => {
    const { data } = await marketData();
    const spec = await data.withMembers(specOf({ source: 'synthetic', universe: 'any', synthetic: { bars: 10 } }));
    expect((await data.check(spec)).faults).toEqual([{ path: 'data.universe', message: '"Synthetic" has no universes: name symbols' }]);
  });

  it('has a dataset that says who may be held when, and does not say it of the benchmark', async () => {
    const { artifacts, data } = await marketData();
    const range = { from: '2004-12-30', to: '2005-01-04' };
    const spec = { ...specOf({ source: 'sample', universe: 'most-traded', symbols: ['AAPL', 'GOOG'], ...range }), benchmark: 'IBM' };
    const { instruments } = await createDatasetStore(artifacts).read(await data.fetch(spec, signal));
    const [aapl, goog, ibm] = instruments;
    // Last two days of 2004, first two of 2005.
    expect(aapl!.extra!.member).toEqual(Float64Array.of(1, 1, 0, 0));
    expect(goog!.extra!.member).toEqual(Float64Array.of(0, 0, 1, 1));
    expect([...aapl!.membership!.to].map((ts) => new Date(ts).getUTCFullYear())).toEqual([2005, 2015]);
    expect(ibm!.membership).toBeUndefined();
  });
});
