import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ORDER_REASONS, ORDER_STATUSES } from '../shared/orders.ts';
import { AccountSpec } from '../shared/spec.ts';
import { cutBars, randomJob, randomMarket, randomTrader, type Job } from '../test/fixtures/random-runs.ts';
import { scripted } from '../test/fixtures/scripted-strategy.ts';
import { openLots } from './open-lots.ts';
import { openTrades } from './open-trades.ts';
import { createPortfolioSimulation, type PortfolioSimulation } from './portfolio-simulation.ts';
import type { PortfolioState } from './portfolio-state.ts';
import { createSignalTrader } from './signal-trader.ts';
import { createSimulation } from './simulation.ts';

function simulate(job: Job, state?: PortfolioState): PortfolioSimulation {
  return createPortfolioSimulation({ ...job, trader: randomTrader(), state });
}

function bitsOf(column: Float64Array): number[] {
  return [...new Uint32Array(column.slice().buffer)];
}

type Part = ReturnType<PortfolioSimulation['take']>;

/** The series as text that tells every bit apart, -0 and NaN included. */
function textOf(parts: readonly Part[]): string {
  const series = (['curve', 'trades', 'orders'] as const).map((name) => {
    const columns = Object.keys(parts[0]![name]) as (keyof Part[typeof name])[];
    return columns.map((column) => parts.flatMap((part) => bitsOf(part[name][column])));
  });
  return JSON.stringify([series, parts.flatMap(({ logs }) => logs)]);
}

function whole(job: Job): { part: Part; state: PortfolioState } {
  const simulation = simulate(job);
  simulation.advance(simulation.total);
  return { part: simulation.take(), state: simulation.state() };
}

describe('a run of many kinds of orders', { timeout: 60_000 }, () => {
  it('gives the same bytes when it is cut at every bar, brackets open or not', () => {
    let openBrackets = 0;
    fc.assert(
      fc.property(randomJob(24), (job) => {
        const undisturbed = whole(job);
        const parts: Part[] = [];
        let state: PortfolioState | undefined;
        for (let bar = 1; bar === 1 || state!.ended === null; bar++) {
          const simulation = simulate(job, state);
          simulation.advance(bar);
          parts.push(simulation.take());
          state = JSON.parse(JSON.stringify(simulation.state())) as PortfolioState;
          openBrackets += state.lots.flat().filter(({ stopLoss, trail }) => stopLoss !== null || trail !== null).length;
        }
        expect(textOf(parts)).toBe(textOf([undisturbed.part]));
        expect(state).toEqual(undisturbed.state);
      }),
      { numRuns: 200 },
    );
    expect(openBrackets).toBeGreaterThan(300);
  });

  it('on fewer bars is the beginning of a run on more, so nothing sees the future', () => {
    fc.assert(
      fc.property(randomJob(), fc.nat(40), (job, end) => {
        const { part } = whole(job);
        const until = part.curve.ts[Math.min(end, part.curve.ts.length - 1)]!;
        const fewer = whole({ ...job, bars: job.bars.map((bars) => cutBars(bars, until)) }).part;
        const points = fewer.curve.ts.length;
        expect(bitsOf(fewer.curve.equity)).toEqual(bitsOf(part.curve.equity.subarray(0, points)));
        const rows = fewer.orders.ts.length;
        expect(bitsOf(fewer.orders.filledPrice)).toEqual(bitsOf(part.orders.filledPrice.subarray(0, rows)));
        expect(part.orders.bar.subarray(rows).every((bar) => bar >= points - 1)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('keeps its books: cash and value are the start, plus the moves of prices, less fees and interest', () => {
    let trades = 0;
    fc.assert(
      fc.property(randomJob(), (job) => {
        const { part, state } = whole(job);
        const open = openLots(state, job);
        const sum = (column: Float64Array) => column.reduce((total, value) => total + value, 0);
        const equity = part.curve.equity.at(-1)!;
        const scale = Math.max(1, job.account.cash, ...part.curve.equity.map(Math.abs));
        expect(Math.abs(equity - (job.account.cash + sum(part.trades.pnl) + sum(open.pnl) - state.totals.interest)) / scale).toBeLessThan(
          1e-9,
        );
        expect(Math.abs(sum(part.trades.fees) + sum(open.fees) - state.totals.fees)).toBeLessThan(1e-6);
        expect(Math.abs(sum(part.orders.fee) - state.totals.fees)).toBeLessThan(1e-6);
        trades += part.trades.size.length;
      }),
      { numRuns: 200 },
    );
    expect(trades).toBeGreaterThan(500);
  });

  it('fills at no price that its bar did not have', () => {
    let fills = 0;
    fc.assert(
      fc.property(randomJob(), (job) => {
        const account = AccountSpec.parse({ ...job.account, slippage: { maxVolumeShare: job.account.slippage.maxVolumeShare }, spread: 0 });
        const { part } = whole({ ...job, account });
        const { orders, curve } = part;
        for (let row = 0; row < orders.ts.length; row++) {
          if (!(orders.filledSize[row]! > 0)) continue;
          const { ts, high, low } = job.bars[orders.symbol[row]!]!;
          const at = ts.findLastIndex((time) => time <= curve.ts[orders.bar[row]!]!);
          fills++;
          expect(orders.filledPrice[row]!).toBeGreaterThanOrEqual(low[at]! * (1 - 1e-15));
          expect(orders.filledPrice[row]!).toBeLessThanOrEqual(high[at]! * (1 + 1e-15));
        }
      }),
      { numRuns: 200 },
    );
    expect(fills).toBeGreaterThan(500);
  });

  it('does nothing more to an order that has ended, and never fills more than was asked for', () => {
    let ended = 0;
    fc.assert(
      fc.property(randomJob(), (job) => {
        const { orders } = whole(job).part;
        const over = new Set<number>();
        const filled = new Map<number, number>();
        for (let row = 0; row < orders.ts.length; row++) {
          const reason = ORDER_REASONS[orders.reason[row]!]!;
          const isLeg = ['stop-loss', 'take-profit', 'trailing-stop', 'margin-call', 'bankrupt'].includes(reason);
          const key = orders.order[row]!;
          if (isLeg) continue;
          expect(over.has(key)).toBe(false);
          // As a share of the order, since a split between two fills changes the units of both. Without a size there is no share.
          const share = (filled.get(key) ?? 0) + (orders.filledSize[row]! / orders.size[row]! || 0);
          filled.set(key, share);
          expect(share).toBeLessThanOrEqual(1 + 1e-12);
          if (ORDER_STATUSES[orders.status[row]!] === 'partially-filled') continue;
          over.add(key);
          ended++;
        }
      }),
      { numRuns: 100 },
    );
    expect(ended).toBeGreaterThan(500);
  });
});

describe('the simulation that is made for signals on one symbol', { timeout: 60_000 }, () => {
  const account = fc
    .record({
      cash: fc.constantFrom(1000, 100_000),
      fees: fc.record({
        relative: fc.constantFrom(0, 0.001),
        fixed: fc.constantFrom(0, 5),
        perUnit: fc.constantFrom(0, 0.02),
        minimum: fc.constantFrom(0, 3),
      }),
      slippage: fc.record({ relative: fc.constantFrom(0, 0.002) }),
      spread: fc.constantFrom(0, 0.001),
      leverage: fc.constantFrom(1, 4),
      fractional: fc.boolean(),
      sizing: fc.constantFrom(
        { kind: 'all-in' },
        { kind: 'fraction', fraction: 0.7 },
        { kind: 'units', units: 8 },
        { kind: 'cash', amount: 900 },
      ),
    })
    .map((spec) => AccountSpec.parse(spec));

  it('gives the same bytes as the general one: curve, trades, orders and what is open', () => {
    let trades = 0;
    fc.assert(
      fc.property(randomMarket(120), account, fc.array(fc.nat(15), { minLength: 120, maxLength: 120 }), (market, spec, signals) => {
        const bars = market[0]!;
        const strategy = scripted(signals, 3);
        const special = createSimulation({ bars, strategy, account: spec });
        const general = createPortfolioSimulation({ bars: [bars], trader: createSignalTrader([strategy], [bars]), account: spec });
        special.advance(bars.ts.length);
        general.advance(bars.ts.length);
        const fast = special.take();
        expect(textOf([{ ...fast, logs: [] }])).toBe(textOf([general.take()]));
        expect([special.bar, special.ended]).toEqual([general.bar, general.ended]);
        expect(openTrades(special.state(), bars)).toEqual(openLots(general.state(), { bars: [bars], account: spec }));
        trades += fast.trades.size.length;
      }),
      { numRuns: 300 },
    );
    expect(trades).toBeGreaterThan(3000);
  });
});
