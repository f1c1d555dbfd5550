import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Bars, PRICE_COLUMNS } from '../shared/bars.ts';
import { DataSpec, type SyntheticSpec } from '../shared/spec.ts';
import { createSyntheticSource } from './synthetic.ts';
import { collectBlocks } from './time-chunks.ts';
import { validateBars } from './validate-bars.ts';

const source = createSyntheticSource();
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
    expect(hashOf(await fetchOne(specOf({ bars: 300_000 })))).toBe('034f330ac4747ebe26661538eca7d95025e815544ed01fddcebc793a1aa956a5');
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
