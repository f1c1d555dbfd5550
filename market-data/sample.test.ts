import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { Bars } from '../shared/bars.ts';
import { DataSpec } from '../shared/spec.ts';
import { createSampleSource } from './sample.ts';
import { collectBlocks } from './time-chunks.ts';
import { validateBars } from './validate-bars.ts';

const source = createSampleSource();
const { signal } = new AbortController();

async function fetchOne(spec: Partial<DataSpec> & { symbols: [string] }): Promise<Bars> {
  const [bars] = await collectBlocks(source.fetch(DataSpec.parse({ source: 'sample', ...spec }), signal));
  return bars!;
}

function dayOf(ts: number | undefined): string {
  return new Date(ts ?? NaN).toISOString().slice(0, 10);
}

describe('the bundled bars', () => {
  it('are the file they say they are', async () => {
    const file = await readFile(new URL('./sample/stocks.csv.gz', import.meta.url));
    expect(source.version).toContain(createHash('sha256').update(file).digest('hex'));
  });

  it('cover five symbols', async () => {
    expect(await source.symbols()).toEqual([
      { symbol: 'AAPL', from: '2000-03-01', to: '2013-03-01', bars: 3270, timeframe: '1d' },
      { symbol: 'FB', from: '2012-05-18', to: '2013-03-01', bars: 196, timeframe: '1d' },
      { symbol: 'GOOG', from: '2004-08-19', to: '2013-03-01', bars: 2148, timeframe: '1d' },
      { symbol: 'IBM', from: '2000-03-01', to: '2013-03-01', bars: 3270, timeframe: '1d' },
      { symbol: 'MSFT', from: '2000-03-01', to: '2013-03-01', bars: 3270, timeframe: '1d' },
    ]);
  });

  it.each(['none', 'splits', 'total-return'] as const)('are sound with adjust "%s"', async (adjust) => {
    const symbols = (await source.symbols()).map(({ symbol }) => symbol);
    const bars = await collectBlocks(source.fetch(DataSpec.parse({ source: 'sample', symbols, adjust }), signal));
    expect(bars.map(({ symbol, ts }) => `${symbol} ${ts.length}`)).toEqual(['AAPL 3270', 'FB 196', 'GOOG 2148', 'IBM 3270', 'MSFT 3270']);
    expect(() => validateBars(bars)).not.toThrow();
  });
});

describe('adjust', () => {
  it('"none" gives the prices of the day', async () => {
    const { ts, open, high, low, close, volume } = await fetchOne({ symbols: ['AAPL'], adjust: 'none' });
    expect([dayOf(ts[0]), open[0], high[0], low[0], close[0], volume[0]]).toEqual(['2000-03-01', 118.56, 132.06, 118.5, 130.31, 9_616_100]);
  });

  it('"splits" divides prices before each split and multiplies volumes, from the day before it', async () => {
    const { ts, close, volume } = await fetchOne({ symbols: ['AAPL'] });
    const on = (date: string): number => ts.indexOf(Date.parse(date));
    // Two splits of 2:1 lie after 2000-03-01, one after 2000-06-21, none after 2005-02-28.
    expect([close[0], volume[0]]).toEqual([130.31 / 4, 9_616_100 * 4]);
    expect(close[on('2000-06-20')]).toBe(101.25 / 4);
    expect(close[on('2000-06-21')]).toBe(55.63 / 2);
    expect(close[on('2005-02-25')]).toBe(88.99 / 2);
    expect(close[on('2005-02-28')]).toBe(44.86);
  });

  it('"splits" leaves no jump of a split: no share halves or doubles in a day', async () => {
    for (const { symbol } of await source.symbols()) {
      const { close } = await fetchOne({ symbols: [symbol] });
      const steps = close.slice(1).map((value, i) => value / close[i]!);
      // Apple lost 52 % on 2000-09-29, without a split.
      expect(Math.min(...steps)).toBeGreaterThan(symbol === 'AAPL' ? 0.48 : 0.6);
      expect(Math.max(...steps)).toBeLessThan(1.6);
    }
  });

  // SHA-256 of the adjusted bars that the reference results of other engines were made with, as the CSV text they were written in.
  it.each([
    ['AAPL', 'baad6454f980a5e9bd5d2d1876b86e233d04fedf2eba2bc01c778e5433430538'],
    ['IBM', 'ddb683b364c14c5bfb80bd295d89065ec2fa2e814fff61ae734121abd7657b8b'],
    ['MSFT', 'd7552887f662232cbf0c739a59ca2462b48f5e1923577cd7a5beed00bca4e70d'],
  ])('"total-return" gives every bar of %s to the last bit as the reference has it', async (symbol, sha256) => {
    const { ts, open, high, low, close, volume } = await fetchOne({ symbols: [symbol], adjust: 'total-return' });
    const rows = Array.from(ts, (time, i) => [dayOf(time), open[i], high[i], low[i], close[i], volume[i]].join(','));
    const csv = ['date,open,high,low,close,volume', ...rows, ''].join('\n');
    expect(createHash('sha256').update(csv).digest('hex')).toBe(sha256);
  });
});

describe('splits and dividends', () => {
  const listOf = (ts: Float64Array, values: Float64Array): [string, number][] => Array.from(ts, (time, i) => [dayOf(time), values[i]!]);

  it('come with raw prices, in the money that was declared', async () => {
    const { actions } = await fetchOne({ symbols: ['MSFT'], adjust: 'none' });
    expect(listOf(actions!.splits.ts, actions!.splits.ratio)).toEqual([['2003-02-18', 2]]);
    const dividends = listOf(actions!.dividends.ts, actions!.dividends.amount);
    // 8 cents each, but for the year's 16 cents of 2003 and the special dividend of 3 dollars, which had the same ex date as the next 8 cents.
    expect(dividends.slice(0, 5)).toEqual([
      ['2003-02-19', 0.08],
      ['2003-10-15', 0.16],
      ['2004-08-23', 0.08],
      ['2004-11-15', 3.08],
      ['2005-02-15', 0.08],
    ]);
    expect(dividends).toHaveLength(37);
  });

  it('come in the shares of the end with prices that are adjusted for splits, and not at all with total-return prices', async () => {
    const adjusted = await fetchOne({ symbols: ['AAPL'] });
    const { dividends, splits } = adjusted.actions!;
    expect(splits.ts).toHaveLength(0);
    expect(listOf(dividends.ts, dividends.amount)).toEqual([
      ['2012-08-09', 2.65],
      ['2012-11-07', 2.65],
      ['2013-02-07', 2.65],
    ]);
    expect((await fetchOne({ symbols: ['AAPL'], adjust: 'total-return' })).actions).toBeUndefined();
  });

  it.each(['AAPL', 'IBM', 'MSFT', 'GOOG', 'FB'])(
    'of %s account for the whole difference between raw, adjusted and total-return prices',
    async (symbol) => {
      const [raw, splits, total] = await Promise.all(
        (['none', 'splits', 'total-return'] as const).map(async (adjust) =>
          returnsOfOneShare(await fetchOne({ symbols: [symbol], adjust })),
        ),
      );
      expect(raw!.length).toBeGreaterThan(100);
      expect(furthest(raw!, total!)).toBeLessThan(1e-9);
      expect(furthest(splits!, total!)).toBeLessThan(1e-9);
    },
  );
});

/** Return of each day on the shares of the day before: (close x ratio + dividend x ratio) / close before - 1. */
function returnsOfOneShare({ ts, close, actions }: Bars): Float64Array {
  const on = (times: Float64Array | undefined, values: Float64Array | undefined, time: number, otherwise: number) =>
    values?.[times?.indexOf(time) ?? -1] ?? otherwise;
  return close.slice(1).map((value, i) => {
    const ratio = on(actions?.splits.ts, actions?.splits.ratio, ts[i + 1]!, 1);
    const dividend = on(actions?.dividends.ts, actions?.dividends.amount, ts[i + 1]!, 0);
    return ((value + dividend) * ratio) / close[i]! - 1;
  });
}

function furthest(a: Float64Array, b: Float64Array): number {
  return a.reduce((worst, value, i) => Math.max(worst, Math.abs(value - b[i]!)), 0);
}

describe('a range', () => {
  it.each([
    ['both days included', '2004-01-02', '2004-01-06', ['2004-01-02', '2004-01-05', '2004-01-06']],
    ['days without trading', '2004-01-03', '2004-01-05', ['2004-01-05']],
    ['a timestamp at the end excluded', '2004-01-02', '2004-01-05T00:00:00Z', ['2004-01-02']],
    ['a timestamp at the start included', '2004-01-02T00:00:00Z', '2004-01-02', ['2004-01-02']],
  ])('is taken with %s', async (_name, from, to, days) => {
    const { ts, close } = await fetchOne({ symbols: ['MSFT'], from, to });
    expect(Array.from(ts, dayOf)).toEqual(days);
    expect(close).toHaveLength(days.length);
  });

  it('adjusts by splits that lie behind its end', async () => {
    const { close } = await fetchOne({ symbols: ['AAPL'], to: '2000-03-01' });
    expect([...close]).toEqual([130.31 / 4]);
  });

  it('has as many bars as its longest symbol', async () => {
    expect(await source.estimate(DataSpec.parse({ source: 'sample', symbols: ['FB', 'IBM'] }))).toBe(3270);
  });
});

describe('a request that cannot be met', () => {
  it('is refused with every fault at once', async () => {
    const spec = DataSpec.parse({ source: 'sample', symbols: ['APPL', 'GOOG', 'IBM'], timeframe: '1h', to: '2001-01-01' });
    const error = { code: 'invalid_spec', faults: [{ path: 'data.symbols.0' }, { path: 'data.symbols.1' }, { path: 'data.timeframe' }] };
    await expect(source.estimate(spec)).rejects.toMatchObject(error);
    await expect(collectBlocks(source.fetch(spec, signal))).rejects.toMatchObject(error);
  });

  it('names the symbol that may have been meant', async () => {
    await expect(fetchOne({ symbols: ['APPL'] })).rejects.toMatchObject({
      code: 'unknown_symbol',
      message: expect.stringContaining('Did you mean "AAPL"?'),
    });
  });

  it('says what a symbol covers when the range is empty', async () => {
    await expect(fetchOne({ symbols: ['FB'], to: '2005-01-01' })).rejects.toMatchObject({
      code: 'no_data',
      message: expect.stringContaining('2012-05-18 to 2013-03-01'),
    });
  });
});
