import { describe, expect, it } from 'vitest';
import { temporaryStore } from '../artifacts/temporary-store.ts';
import { createRunSimulation } from '../engine/run-simulation.ts';
import { bundledSources, createMarketData } from '../market-data/catalog.ts';
import { createDatasetStore } from '../market-data/dataset-store.ts';
import type { Bars } from '../shared/bars.ts';
import { EXIT_REASONS } from '../shared/run.ts';
import { BacktestSpec, type BacktestSpecInput } from '../shared/spec.ts';
import { prepareDecider } from './catalog.ts';

/** Members: in 2004 AAPL, IBM and MSFT; in 2005 GOOG for AAPL; in 2006 AAPL for IBM. */
const DATA = { source: 'sample', universe: 'most-traded', from: '2004-10-01', to: '2006-03-31' };

async function runOf(strategy: BacktestSpecInput['strategy']) {
  const { artifacts } = await temporaryStore();
  const market = createMarketData({ sources: bundledSources(), artifacts });
  const spec = await market.withMembers(BacktestSpec.parse({ data: DATA, strategy, account: { fractional: true } }));
  const { instruments } = await createDatasetStore(artifacts).read(await market.fetch(spec, new AbortController().signal));
  const run = createRunSimulation({ bars: instruments, decider: prepareDecider(spec.strategy, instruments), account: spec.account });
  run.advance(Infinity);
  const { trades, curve } = run.take();
  const closed = [...trades.symbol.keys()].map((i) => ({
    symbol: instruments[trades.symbol[i]!]!.symbol,
    reason: EXIT_REASONS[trades.exitReason[i]!]!,
    from: dayOf(trades.entryTs[i]!),
    to: dayOf(trades.exitTs[i]!),
  }));
  const held = run.state().of as unknown as { lots: unknown[][] };
  return { closed, curve, open: instruments.filter((_, s) => held.lots[s]!.length > 0).map(nameOf) };
}

const nameOf = ({ symbol }: Bars): string => symbol;
const dayOf = (ts: number): string => new Date(ts).toISOString().slice(0, 10);

describe('a portfolio of a universe', () => {
  it('holds its members of the time in equal parts, and sells who leaves at the first open after', async () => {
    const { closed, curve, open } = await runOf({ name: 'equal-weight', params: { rebalance: 'monthly' } });
    const left = closed.filter(({ reason }) => reason === 'universe').map(({ symbol, to }) => [symbol, to]);
    expect(new Set(left.map(String))).toEqual(new Set(['AAPL,2005-01-03', 'IBM,2006-01-03']));
    expect(open).toEqual(['AAPL', 'GOOG', 'MSFT']);
    // Everything is invested, but for the month after a change, in which a third waits for the next rebalancing.
    expect(curve.exposure.at(-1)!).toBeGreaterThan(0.98);
  });

  it('by rules ranks members only, and can ask for them', async () => {
    const weight = { weight: 'rank(close) <= 1 ? 1 : 0', rebalance: 'monthly' };
    const all = await runOf({ rules: weight });
    // Google has the highest price from its listing in August 2004 on, but is a member from 2005 on.
    expect(all.closed.filter(({ symbol }) => symbol === 'GOOG')).toEqual([]);
    expect(all.open).toEqual(['GOOG']);
    const rules = { enterLong: 'member > 0', exitLong: 'member < 1' };
    const { closed } = await runOf({ rules });
    expect(new Set(closed.map(({ reason }) => reason))).toEqual(new Set(['universe']));
  });
});
