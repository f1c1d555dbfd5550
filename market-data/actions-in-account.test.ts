import { describe, expect, it } from 'vitest';
import { temporaryStore } from '../artifacts/temporary-store.ts';
import { createPortfolioSimulation } from '../engine/portfolio-simulation.ts';
import type { TraderContext } from '../engine/trader.ts';
import type { Bars } from '../shared/bars.ts';
import { AccountSpec, BacktestSpec } from '../shared/spec.ts';
import { bundledSources, createMarketData } from './catalog.ts';
import { createDatasetStore } from './dataset-store.ts';

const { signal } = new AbortController();

async function barsOf(symbol: string, data: object): Promise<Bars> {
  const { artifacts } = await temporaryStore();
  const spec = BacktestSpec.parse({ data: { source: 'sample', symbols: [symbol], ...data }, strategy: { name: 'buy-and-hold' } });
  const ref = await createMarketData({ sources: bundledSources(), artifacts }).fetch(spec, signal);
  return (await createDatasetStore(artifacts).read(ref)).instruments[0]!;
}

/** Equity at each close of an account that buys for half of its money at the close of the bar at `time`, and keeps what it has. */
function equityFrom(time: number, bars: Bars, dividends: 'cash' | 'reinvest'): Map<number, number> {
  const account = AccountSpec.parse({ cash: 10_000, fractional: true, fill: 'same-close', dividends });
  const decide = (context: TraderContext) => void (context.time === time && context.buy({ size: { cash: 5_000 } }));
  const simulation = createPortfolioSimulation({ bars: [bars], account, trader: { firstDecision: 0, decide } });
  simulation.advance(simulation.total);
  const { ts, equity } = simulation.take().curve;
  return new Map(Array.from(ts, (at, i) => [at, equity[i]!]));
}

function furthest(a: Iterable<number>, b: Iterable<number>): number {
  const others = [...b];
  return Math.max(...Array.from(a, (value, i) => Math.abs(value / others[i]! - 1)));
}

describe.each(['AAPL', 'MSFT', 'IBM'])('an account that holds %s', (symbol) => {
  it('is worth the same every day on raw prices with their actions and on adjusted prices with their dividends', async () => {
    const [raw, adjusted, pricesOnly] = await Promise.all([
      barsOf(symbol, { adjust: 'none' }),
      barsOf(symbol, { adjust: 'splits', actions: true }),
      barsOf(symbol, { adjust: 'splits' }),
    ]);
    const [first, second, third] = [raw, adjusted, pricesOnly].map((bars) => [...equityFrom(bars.ts[0]!, bars, 'cash').values()]);
    expect(first).toHaveLength(3270);
    expect(furthest(first!, second!)).toBeLessThan(1e-9);
    expect(furthest(first!, third!)).toBeGreaterThan(1e-3);
  });

  it('is worth the same every day on raw prices whose dividends are reinvested and on total-return prices', async () => {
    const [raw, total] = await Promise.all([barsOf(symbol, { adjust: 'none' }), barsOf(symbol, { adjust: 'total-return' })]);
    const reinvested = equityFrom(raw.ts[0]!, raw, 'reinvest');
    expect(furthest(reinvested.values(), equityFrom(total.ts[0]!, total, 'cash').values())).toBeLessThan(1e-9);
  });

  it('is worth the same at the end of every week on daily and on weekly bars', async () => {
    const request = { adjust: 'none', from: '2000-03-06' };
    const [days, weeks] = await Promise.all([barsOf(symbol, request), barsOf(symbol, { ...request, timeframe: '1w' })]);
    const weekEnds = [...weeks.ts].map((monday) => days.ts.findLast((ts) => ts < monday + 7 * 86_400_000)!);
    const daily = equityFrom(weekEnds[0]!, days, 'cash');
    const weekly = equityFrom(weeks.ts[0]!, weeks, 'cash');
    expect(weekly.size).toBe(678);
    expect(
      furthest(
        weekly.values(),
        weekEnds.map((ts) => daily.get(ts)!),
      ),
    ).toBeLessThan(1e-12);
  });
});
