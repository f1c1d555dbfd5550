import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Bars, PRICE_COLUMNS } from '../shared/bars.ts';
import { DataSpec } from '../shared/spec.ts';
import type { SyntheticSpec } from '../shared/synthetic.ts';
import { createSyntheticSource } from './synthetic.ts';
import { collectBlocks } from './time-chunks.ts';
import { validateBars } from './validate-bars.ts';

const source = createSyntheticSource();
const TURNS = [
  { drift: 0.5, volatility: 0.1, days: 2 },
  { drift: -0.5, volatility: 0.8, days: 1 },
];
const { signal } = new AbortController();

function specOf(synthetic: Partial<SyntheticSpec> & { bars: number }, rest: Partial<DataSpec> = {}): DataSpec {
  return DataSpec.parse({ source: 'synthetic', symbols: ['A'], timeframe: '1h', synthetic, ...rest });
}

async function fetchOne(spec: DataSpec): Promise<Bars> {
  const [bars] = await collectBlocks(source.fetch(spec, signal));
  return bars!;
}

function hashOf(bars: Bars): string {
  const hash = createHash('sha256');
  for (const name of ['ts', ...PRICE_COLUMNS] as const) hash.update(bars[name]);
  return hash.digest('hex');
}

describe('synthetic bars', () => {
  it('are the same bytes on every machine', async () => {
    expect(hashOf(await fetchOne(specOf({ bars: 300_000 })))).toBe('6bcd0a519fbdfdadb69d30dea85bd0deed4ad51289491e84a9e3a627d5ed279c');
  });

  it('are the same bytes on every machine, whatever they are made of', async () => {
    const jumps = { perYear: 500, mean: 0, deviation: 0.05 };
    const all = await fetchOne(specOf({ bars: 100_000, jumps, regimes: TURNS, correlation: 0.5, seasonality: 0.5 }));
    expect(hashOf(all)).toBe('b20627dbda7caa789133c8af6c67d6218840aaca171f48c664d141114d3d4e7a');
  });

  it('of a symbol do not depend on what else is asked for', async () => {
    const alone = await fetchOne(specOf({ bars: 100 }, { symbols: ['B'] }));
    const [, among] = await collectBlocks(source.fetch(specOf({ bars: 100 }, { symbols: ['A', 'B', 'C'] }), signal));
    expect(among).toEqual(alone);
  });

  it('differ by symbol and by seed', async () => {
    const specs = [specOf({ bars: 10 }), specOf({ bars: 10 }, { symbols: ['B'] }), specOf({ bars: 10, seed: 8 })];
    const closes = await Promise.all(specs.map(async (spec) => (await fetchOne(spec)).close[9]));
    expect(new Set(closes).size).toBe(3);
  });

  it('are the beginning of more of them', async () => {
    const [few, many] = [await fetchOne(specOf({ bars: 10 })), await fetchOne(specOf({ bars: 300_000 }))];
    for (const name of ['ts', ...PRICE_COLUMNS] as const) expect(few[name]).toEqual(many[name].slice(0, 10));
  });

  it('start at `from`, or in the year 2000, and are a timeframe apart', async () => {
    expect([...(await fetchOne(specOf({ bars: 3 }))).ts]).toEqual([0, 1, 2].map((hour) => Date.UTC(2000, 0, 1, hour)));
    const { ts } = await fetchOne(specOf({ bars: 2 }, { from: '2020-05-01T00:30:00Z', timeframe: '15m' }));
    expect([...ts]).toEqual([Date.UTC(2020, 4, 1, 0, 30), Date.UTC(2020, 4, 1, 0, 45)]);
  });

  it('stop before `to`', async () => {
    const spec = specOf({ bars: 1000 }, { from: '2020-01-01', to: '2020-01-02' });
    expect(await source.estimate(spec)).toBe(48);
    expect((await fetchOne(spec)).ts).toHaveLength(48);
    expect(await source.estimate(specOf({ bars: 1000 }, { from: '2020-01-01', to: '2020-01-01T02:00:01Z' }))).toBe(3);
  });

  it('open at the close before', async () => {
    const { open, close } = await fetchOne(specOf({ bars: 100, startPrice: 50 }));
    expect(open[0]).toBe(50);
    expect(open.slice(1)).toEqual(close.slice(0, -1));
  });

  it('have the drift and volatility that was asked for', async () => {
    // 400,000 hourly log returns: the standard error of the yearly volatility is 0.4 / sqrt(800,000) = 0.00045, that of the
    // yearly drift 0.4 / sqrt(45.7 years) = 0.06. Bounds are four of them.
    const { close, open } = await fetchOne(specOf({ bars: 400_000, volatility: 0.4, drift: 0.1 }));
    const returns = close.map((value, i) => Math.log(value / open[i]!));
    const mean = returns.reduce((sum, value) => sum + value, 0) / returns.length;
    const variance = returns.reduce((sum, value) => sum + (value - mean) ** 2, 0) / returns.length;
    expect(Math.abs(Math.sqrt(variance * 8760) - 0.4)).toBeLessThan(0.0018);
    expect(Math.abs(mean * 8760 - 0.1)).toBeLessThan(0.24);
  });

  it('jump as often and as far as was asked for', async () => {
    const jumps = { perYear: 876, mean: 0.02, deviation: 0.001 };
    const { close, open } = await fetchOne(specOf({ bars: 100_000, volatility: 0, drift: 0, jumps }));
    const moves = close.map((value, i) => Math.log(value / open[i]!));
    const jumped = moves.filter((move) => move !== 0);
    // A chance of 1 - exp(-0.1) = 0.0952 in each hour; bounds are four standard errors. Prices end at 10,000 times the start, so the first 300 are looked at.
    expect(Math.abs(moves.subarray(0, 3_000).filter((move) => move !== 0).length - 285.5)).toBeLessThan(65);
    const first = jumped.subarray(0, 300);
    expect(Math.abs(first.reduce((sum, move) => sum + move, 0) / 300 - 0.02)).toBeLessThan(0.00024);
  });

  it('are as volatile as their regime, all symbols in the same', async () => {
    const regimes = [
      { drift: 0, volatility: 0, days: 10 },
      { drift: 0, volatility: 1, days: 5 },
    ];
    const bars = await collectBlocks(source.fetch(specOf({ bars: 50_000, regimes }, { symbols: ['A', 'B'] }), signal));
    const isStill = bars.map(({ open, close }) => Array.from(open, (price, i) => price === close[i]));
    expect(isStill[0]).toEqual(isStill[1]);
    // 240 hours of one and 120 of the other: two thirds of 50,000; there are about 139 changes of each, so the share varies by about 0.03.
    const share = isStill[0]!.filter(Boolean).length / 50_000;
    expect(Math.abs(share - 2 / 3)).toBeLessThan(0.12);
    expect(isStill[0]![0]).toBe(true);
  });

  it('move together as much as was asked for', async () => {
    const spec = specOf({ bars: 40_000, correlation: 0.6 }, { symbols: ['A', 'B'] });
    const [a, b] = (await collectBlocks(source.fetch(spec, signal))).map(({ open, close }) =>
      close.map((price, i) => Math.log(price / open[i]!)),
    );
    const product = (x: Float64Array, y: Float64Array): number => x.reduce((sum, value, i) => sum + value * y[i]!, 0);
    // Standard error (1 - 0.36) / sqrt(40,000) = 0.0032; the bound is four of them.
    expect(Math.abs(product(a!, b!) / Math.sqrt(product(a!, a!) * product(b!, b!)) - 0.6)).toBeLessThan(0.013);
  });

  it('are busier at the ends of a day than at noon', async () => {
    const { open, close, volume } = await fetchOne(specOf({ bars: 24 * 5_000, seasonality: 0.5, drift: 0 }));
    const squares = close.map((price, i) => Math.log(price / open[i]!) ** 2);
    const mean = (column: Float64Array, hour: number) =>
      column.filter((_, i) => i % 24 === hour).reduce((sum, value) => sum + value, 0) / 5_000;
    // At the middle of hour 0: 1 + 0.5 (12 (0.5 / 24 - 0.5)² - 1) = 1.878; of hour 12: 1 + 0.5 (12 (0.5 / 24)² - 1) = 0.5026.
    const expected = 1.878 / 0.5026;
    // Each mean of 5,000 squares has a standard error of 2 %, of volumes of 0.7 %; bounds are four of the ratio's.
    expect(Math.abs(mean(squares, 0) / mean(squares, 12) / expected - 1)).toBeLessThan(0.113);
    expect(Math.abs(mean(volume, 0) / mean(volume, 12) / expected - 1)).toBeLessThan(0.04);
  });

  it.each([{ jumps: { perYear: 500, mean: 0, deviation: 0.05 } }, { correlation: 0.5 }, { seasonality: 0.5 }, { regimes: TURNS }])(
    'are the same however they are cut: %j',
    async (extra) => {
      const few = await fetchOne(specOf({ bars: 1_000, ...extra }));
      const many = await fetchOne(specOf({ bars: 100_000, ...extra }, { symbols: ['A', 'B', 'C'] }));
      for (const name of ['ts', ...PRICE_COLUMNS] as const) expect(few[name]).toEqual(many[name].slice(0, 1_000));
    },
  );

  it('can stand still', async () => {
    const { high, low } = await fetchOne(specOf({ bars: 10, volatility: 0, drift: 0 }));
    expect([...high, ...low].every((price) => price === 100)).toBe(true);
  });

  it('are sound whatever is asked for', async () => {
    const request = fc.record({
      bars: fc.integer({ min: 2, max: 500 }),
      seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      startPrice: fc.double({ min: 1e-9, max: 1e9, noNaN: true }),
      drift: fc.double({ min: -10, max: 10, noNaN: true }),
      volatility: fc.double({ min: 0, max: 10, noNaN: true }),
      correlation: fc.double({ min: 0, max: 1, noNaN: true }),
      seasonality: fc.double({ min: 0, max: 0.9, noNaN: true }),
      jumps: fc.constantFrom(undefined, { perYear: 100_000, mean: -1, deviation: 1 }),
      regimes: fc.constantFrom(undefined, TURNS),
    });
    await fc.assert(
      fc.asyncProperty(request, fc.constantFrom('1s', '1m', '1d', '9999w'), async (synthetic, timeframe) => {
        validateBars(await collectBlocks(source.fetch(specOf(synthetic, { timeframe }), signal)));
      }),
    );
  });
});

describe('a request for synthetic bars that cannot be met', () => {
  it.each([
    ['too many in all', specOf({ bars: 50_000_000 }, { symbols: ['A', 'B', 'C'] }), 'invalid_spec', 'data.synthetic.bars'],
    ['beyond the end of time', specOf({ bars: 1_000_000 }, { timeframe: '9999w' }), 'invalid_spec', 'data.timeframe'],
    ['an empty range', specOf({ bars: 10 }, { to: '1999-12-31' }), 'no_data', 'data.to'],
  ])('is refused: %s', async (_name, spec, code, path) => {
    await expect(source.estimate(spec)).rejects.toMatchObject({ code, faults: [{ path }] });
  });

  it('stops when it is cancelled', async () => {
    const cancel = new AbortController();
    const fetching = collectBlocks(source.fetch(specOf({ bars: 50_000_000 }), cancel.signal));
    cancel.abort(new Error('cancelled'));
    await expect(fetching).rejects.toThrow('cancelled');
  });
});
