import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Bars } from '../../shared/bars.ts';
import { DataQuality } from '../../shared/data-quality.ts';
import { DataSpec } from '../../shared/spec.ts';
import { createSampleSource } from '../sample.ts';
import { createSyntheticSource } from '../synthetic.ts';
import { collectBlocks, columnOf, withColumns, type BarBlock } from '../time-chunks.ts';
import { createQualityControl } from './quality-control.ts';

const DAY = 86_400_000;
const MONDAY = Date.UTC(2024, 0, 1);

type Asked = Partial<DataQuality>;

function report(blocks: readonly BarBlock[], quality: Asked = {}, timeframe = '1d') {
  const control = createQualityControl({ timeframe, quality: DataQuality.parse(quality) });
  const passed = blocks.map((block) => control.pass(block));
  return { passed, ...control.report() };
}

/** Bars at these days from a Monday on, around 100, each with a volume. */
function barsAt(days: readonly number[], symbol = 'A'): Bars {
  const price = (offset: number) => Float64Array.from(days, (day) => 100 + (day % 3) + offset);
  const ts = Float64Array.from(days, (day) => MONDAY + day * DAY);
  return { symbol, ts, open: price(0), high: price(2), low: price(-2), close: price(1), volume: new Float64Array(days.length).fill(50) };
}

function changed(bars: Bars, row: number, values: Partial<Record<keyof Bars, number>>): Bars {
  return withColumns(bars, (name) =>
    columnOf(bars, name).map((value, i) => (i === row && name in values ? values[name as 'close']! : value)),
  );
}

/** Weekdays only, as an exchange has them. */
const weekdays = (count: number): number[] => Array.from({ length: count }, (_, i) => Math.floor(i / 5) * 7 + (i % 5));
const everyDay = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

const checksOf = ({ findings }: { findings: readonly { check: string; symbol: string; count: number; first: string }[] }) =>
  findings.map(({ check, symbol, count, first }) => [check, symbol, count, first.slice(0, 10)]);

async function walk(synthetic: { bars: number; seed: number; volatility?: number }, symbols = ['A'], timeframe = '1d'): Promise<Bars[]> {
  const spec = DataSpec.parse({ source: 'synthetic', symbols, timeframe, synthetic });
  return collectBlocks(createSyntheticSource().fetch(spec, new AbortController().signal));
}

describe('the report on clean data', () => {
  it('is empty, whatever the seed and however the bars are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        fc.constantFrom('1m', '1h', '1d', '1w'),
        fc.double({ min: 0.02, max: 1.5, noNaN: true }),
        async (seed, timeframe, volatility) => {
          const bars = await walk({ bars: 400, seed, volatility }, ['A', 'B'], timeframe);
          const whole = report([bars], {}, timeframe);
          expect(whole.findings).toEqual([]);
          expect(whole).toMatchObject({ calendar: '24/7', bars: 800, more: 0 });
        },
      ),
      { numRuns: 40 },
    );
  });

  it('of an exchange knows weekends and holidays', () => {
    const days = weekdays(60).filter((day) => day !== 14 && day !== 15);
    expect(report([[barsAt(days)]])).toMatchObject({ calendar: 'symbols', findings: [] });
  });
});

describe('a planted fault', () => {
  it('is found where it is, and nothing else', async () => {
    const [bars] = await walk({ bars: 500, seed: 7 });
    const planted = fc.integer({ min: 30, max: 450 });
    fc.assert(
      fc.property(planted, fc.constantFrom(0.3, 0.6, 1.7, 4), (row, factor) => {
        const close = bars!.close[row]! * factor;
        const [high, low] = [Math.max(bars!.high[row]!, close), Math.min(bars!.low[row]!, close)];
        for (const open of [bars!.open[row]!, close]) {
          const found = report([[changed(bars!, row, { open, close, high, low })]]);
          expect(checksOf(found)).toEqual([['outliers', 'A', 1, new Date(bars!.ts[row]!).toISOString().slice(0, 10)]]);
        }
      }),
    );
    fc.assert(
      fc.property(planted, (row) => {
        const found = report([[changed(bars!, row, { volume: 0 })]]);
        expect(checksOf(found)).toEqual([['zeroVolume', 'A', 1, new Date(bars!.ts[row]!).toISOString().slice(0, 10)]]);
      }),
    );
    fc.assert(
      fc.property(planted, fc.integer({ min: 1, max: 20 }), (row, count) => {
        const holed = withColumns(bars!, (name) => columnOf(bars!, name).filter((_, i) => i < row || i >= row + count));
        const found = report([[holed]]);
        expect(checksOf(found)).toEqual([['gaps', 'A', count, new Date(bars!.ts[row]!).toISOString().slice(0, 10)]]);
      }),
    );
    fc.assert(
      fc.property(planted, fc.constantFrom(2, 3, 10, 1 / 4, 1.5), (row, ratio) => {
        const split = withColumns(bars!, (name) =>
          columnOf(bars!, name).map((value, i) => (i < row || name === 'ts' ? value : name === 'volume' ? value * ratio : value / ratio)),
        );
        const found = report([[split]]);
        expect(checksOf(found)).toEqual([['splits', 'A', 1, new Date(bars!.ts[row]!).toISOString().slice(0, 10)]]);
        const actions = {
          splits: { ts: Float64Array.of(bars!.ts[row]!), ratio: Float64Array.of(ratio) },
          dividends: { ts: NONE, amount: NONE },
        };
        expect(report([[{ ...split, actions }]]).findings).toEqual([]);
      }),
    );
  });

  it('of a stale tail counts all equal closes', () => {
    const bars = barsAt(everyDay(40));
    const still = withColumns(bars, (name) => columnOf(bars, name).map((value, i) => (name === 'ts' || i < 28 ? value : 100)));
    expect(checksOf(report([[still]]))).toEqual([['stale', 'A', 12, '2024-01-29']]);
  });

  it('is found as well when it lies at the edge of two blocks', async () => {
    const [bars] = await walk({ bars: 300, seed: 7 });
    const bad = changed(bars!, 150, { close: bars!.close[150]! * 3, high: bars!.high[150]! * 3 });
    const cut = (from: number, to: number) => [withColumns(bad, (name) => columnOf(bad, name).subarray(from, to))];
    const whole = report([[bad]]);
    for (const edge of [149, 150, 151, 152]) {
      const { findings } = report([cut(0, edge), cut(edge, 300)]);
      expect(findings).toEqual(whole.findings);
    }
  });
});

const NONE = new Float64Array(0);

describe('a split', () => {
  it('without the volume of one is taken for a fall of the price', async () => {
    const [bars] = await walk({ bars: 100, seed: 7 });
    const fallen = withColumns(bars!, (name) =>
      columnOf(bars!, name).map((value, i) => (i < 50 || name === 'ts' ? value : name === 'volume' ? value * 8 : value / 2)),
    );
    expect(report([[fallen]]).findings).toEqual([]);
  });
});

describe('gaps', () => {
  it('are counted against the days of the other symbols, between the first and the last bar of each', () => {
    const days = weekdays(20);
    const full = barsAt(days, 'FULL');
    const holed = barsAt(
      days.slice(3, 17).filter((day) => day !== 8 && day !== 9 && day !== 16),
      'HOLED',
    );
    expect(checksOf(report([[full, holed]]))).toEqual([['gaps', 'HOLED', 3, '2024-01-09']]);
  });

  it('may reach over several blocks', () => {
    const blocks = [0, 1, 2, 3].map((week) => {
      const days = weekdays(20).slice(5 * week, 5 * week + 5);
      return [barsAt(days, 'FULL'), barsAt(week === 1 || week === 2 ? [] : days, 'HOLED')];
    });
    expect(checksOf(report(blocks))).toEqual([['gaps', 'HOLED', 10, '2024-01-08']]);
  });

  it.each([
    // 2024-01-06 and 07 are a weekend; a Monday and a Tuesday are missing, too.
    ['24/7', [0, 1, 2, 3, 4, 9], 4, '2024-01-06'],
    ['weekdays', [0, 1, 2, 3, 4, 9], 2, '2024-01-08'],
    ['weekdays', [0, 1, 2, 5, 7], 2, '2024-01-04'],
    // Eleven weekdays are more than holidays.
    ['symbols', [0, 1, 17], 11, '2024-01-03'],
  ] as const)('are counted as the calendar %s has days: %j', (calendar, days, count, first) => {
    expect(checksOf(report([[barsAt(days)]], { calendar }))).toEqual([['gaps', 'A', count, first]]);
  });

  it('of ten weekdays in a row may be holidays', () => {
    expect(report([[barsAt([0, 1, 16])]], { calendar: 'symbols' }).findings).toEqual([]);
  });
});

describe('a repair', () => {
  const repairing = { unsorted: 'repair', duplicates: 'repair', prices: 'repair', ohlc: 'repair' } as const;

  it('leaves out what cannot be, sorts, keeps the last of a time and widens low and high', () => {
    const rows = [
      // day, open, high, low, close, volume
      [2, 10, 11, 9, 10, 5],
      [0, 10, 11, 9, 10, 5],
      [1, 10, 9, 11, 12, 5],
      [1, 20, 21, 19, 20, 6],
      [3, 10, 11, 0, 10, 5],
      [4, 10, 11, 9, 10, -1],
      [5, 10, 10, 11, 12, 5],
    ];
    const column = (index: number) => Float64Array.from(rows, (row) => row[index]!);
    const ts = column(0).map((day) => MONDAY + day * DAY);
    const bars: Bars = { symbol: 'A', ts, open: column(1), high: column(2), low: column(3), close: column(4), volume: column(5) };
    const { passed, findings } = report([[bars]], { ...repairing, gaps: 'ignore' });
    const [after] = passed[0]!;
    expect([...after!.ts].map((time) => (time - MONDAY) / DAY)).toEqual([0, 1, 2, 5]);
    expect([...after!.close]).toEqual([10, 20, 10, 12]);
    expect([...after!.high]).toEqual([11, 21, 11, 12]);
    expect([...after!.low]).toEqual([9, 19, 9, 10]);
    expect(findings.map(({ check, count, action }) => [check, count, action])).toEqual([
      ['unsorted', 3, 'repaired'],
      ['duplicates', 1, 'repaired'],
      ['prices', 2, 'repaired'],
      ['ohlc', 1, 'repaired'],
    ]);
  });

  it('makes any bars sound, and changes nothing the second time', () => {
    const value = fc.oneof(fc.double({ min: 1, max: 200, noNaN: true }), fc.constantFrom(0, -1, NaN, Infinity));
    const row = fc.tuple(fc.integer({ min: 0, max: 12 }), value, value, value, value, value);
    fc.assert(
      fc.property(fc.array(row, { maxLength: 15 }), (rows) => {
        const column = (index: number) => Float64Array.from(rows, (each) => each[index]!);
        const ts = column(0).map((day) => MONDAY + day * DAY);
        const bars: Bars = { symbol: 'A', ts, open: column(1), high: column(2), low: column(3), close: column(4), volume: column(5) };
        const ignore = { gaps: 'ignore', zeroVolume: 'ignore', outliers: 'ignore', splits: 'ignore', stale: 'ignore' } as const;
        const once = report([[bars]], { ...repairing, ...ignore });
        const twice = report(once.passed, { ...repairing, ...ignore });
        expect(twice.passed).toEqual(once.passed);
        expect(twice.findings).toEqual([]);
      }),
    );
  });

  it('is refused where it was not asked for', () => {
    const crossed = changed(barsAt([0, 1, 2]), 1, { high: 1 });
    expect(() => report([[crossed]])).toThrow(
      expect.objectContaining({ code: 'bad_data', message: expect.stringContaining('data.quality') }),
    );
    expect(report([[crossed]], { ohlc: 'repair' }).findings).toMatchObject([{ check: 'ohlc', count: 1, action: 'repaired' }]);
  });
});

describe('what a request refuses', () => {
  it('ends it when all bars are seen, with every finding', () => {
    const bars = changed(barsAt(everyDay(40).filter((day) => day !== 20)), 3, { volume: 0 });
    const asked = { gaps: 'refuse', zeroVolume: 'refuse' } as const;
    expect(() => report([[bars]], asked)).toThrow(
      expect.objectContaining({
        code: 'bad_data',
        faults: [
          { path: 'data.quality.gaps', message: expect.stringContaining('2024-01-21') },
          { path: 'data.quality.zeroVolume', message: expect.stringContaining('2024-01-04') },
        ],
      }),
    );
  });

  it('is not looked for where it is to be ignored', () => {
    const bars = changed(barsAt(everyDay(40)), 3, { volume: 0 });
    expect(report([[bars]], { zeroVolume: 'ignore' }).findings).toEqual([]);
  });
});

describe('the bundled shares', () => {
  async function sampleReport(withActions: boolean) {
    const spec = DataSpec.parse({ source: 'sample', symbols: ['AAPL', 'IBM', 'MSFT', 'GOOG', 'FB'], adjust: 'none' });
    const bars = await collectBlocks(createSampleSource().fetch(spec, new AbortController().signal));
    return report([bars.map(({ actions, ...rest }) => (withActions && actions ? { ...rest, actions } : rest))]);
  }

  it('have no faults, for all their crashes', async () => {
    expect(await sampleReport(true)).toMatchObject({ calendar: 'symbols', bars: 12_154, findings: [] });
  });

  it('show their splits where nobody has named them', async () => {
    // Apple 2000-06-21 and 2005-02-28, Microsoft 2003-02-18: all there were.
    expect(checksOf(await sampleReport(false))).toEqual([
      ['splits', 'AAPL', 2, '2000-06-21'],
      ['splits', 'MSFT', 1, '2003-02-18'],
    ]);
  });
});
