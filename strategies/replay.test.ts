import { describe, expect, it } from 'vitest';
import { createRunSimulation } from '../engine/run-simulation.ts';
import type { Trader, TraderContext } from '../engine/trader.ts';
import type { Bars } from '../shared/bars.ts';
import { HoldfastError } from '../shared/errors.ts';
import { AccountSpec } from '../shared/spec.ts';
import { barsOf } from '../test/fixtures/bars.ts';
import { firstOtherwise, planStages, wholeStage } from './replay.ts';

const wave = Array.from({ length: 400 }, (_, i) => 100 + 20 * Math.sin(i / 5) + 7 * Math.sin(i * 1.7));
const bars = [barsOf(wave, 'A'), barsOf(wave.slice(0, 350).toReversed(), 'B')];
const account = AccountSpec.parse({});
const plan = { bars, recorded: 400, budget: 1e6, seed: 7 };

type Make = (bars: readonly Bars[]) => Trader;

/** Buys one unit or leaves, by a rule that may keep what it likes; its count is part of the checkpoint. */
const traderBy =
  (rule: (context: TraderContext, count: number) => boolean): Make =>
  () => {
    let count = 0;
    return {
      firstDecision: 0,
      decide(context) {
        count += 1;
        if (rule(context, count)) context.buy({ symbol: 'A', size: 1, limit: 0.99 * context.symbol('A').close(), until: { bars: 3 } });
        else if (context.symbol('A').position > 0) context.close({ symbol: 'A' });
      },
      memory: () => count,
      recall: (memory) => void (count = memory as number),
    };
  };

/** What is known of all data by who has once seen them, as a variable outside of every trader. */
const keeping = (rule: (all: readonly Bars[], row: number) => boolean): Make => {
  let kept: readonly Bars[] = [];
  return (seen) => {
    if (seen[0]!.ts.length > (kept[0]?.ts.length ?? 0)) kept = seen;
    return traderBy(({ symbols }) => rule(kept, symbols[0]!.row))(seen);
  };
};

function recordOf(make: Make) {
  const run = createRunSimulation({ bars, decider: { trader: make(bars) }, account, seed: 7 });
  run.advance(run.total);
  return run.take();
}

/** Each side has a trader of its own, as it has a thread of its own. */
const otherwise = (make: () => Make, stages = planStages(plan)) =>
  firstOtherwise({ stages, trader: make(), recorded: recordOf(make()), account, seed: 7 });

describe('the stages of a replay', () => {
  it('end at growing places up to the last recorded bar, and hold nothing of what comes later', () => {
    const stages = planStages(plan);
    const untils = stages.map(({ until }) => until);
    expect(untils).toEqual(untils.toSorted((a, b) => a - b));
    expect(untils.length).toBeGreaterThanOrEqual(16);
    expect(untils.at(-1)).toBe(400);
    for (const {
      until,
      bars: [a, b],
    } of stages) {
      expect(a!.close).toEqual(bars[0]!.close.slice(0, until));
      expect(b!.close).toEqual(bars[1]!.close.slice(0, Math.min(350, until)));
    }
  });

  it('are copies, through whose memory nothing else is reached', () => {
    expect(planStages(plan).every(({ bars: [a] }) => a!.close.buffer.byteLength === 8 * a!.close.length)).toBe(true);
  });

  it('cost no more than they may', () => {
    const stages = planStages({ ...plan, budget: 900 });
    const cost = stages.reduce((sum, { bars: [a] }) => sum + a!.ts.length, stages.at(-1)!.until);
    expect(cost).toBeLessThanOrEqual(1_200);
    expect(planStages({ ...plan, budget: 3 })).toEqual([]);
  });
});

describe('a trader that is replayed', () => {
  it.each<[string, Make]>([
    ['looks back only', traderBy(({ symbols: [a] }) => a!.close() > a!.close(1))],
    ['counts', traderBy((_context, count) => count % 7 < 3)],
    ['draws', traderBy((context) => context.random() > 0.5)],
  ])('and %s does the same', (_what, make) => {
    expect(otherwise(() => make)).toBeNull();
  });

  it.each<[string, (all: readonly Bars[], row: number) => boolean]>([
    ['the next close', ([a], row) => a!.close[row + 1]! > a!.close[row]!],
    ['the highest close of all', ([a], row) => a!.close[row]! > 0.95 * Math.max(...a!.close)],
    ['the number of bars', ([a], row) => (a!.close.length - row) % 2 === 0],
    ['the next close of another symbol', ([, b], row) => b!.close[row + 1]! > b!.close[row]!],
  ])('and knows %s is caught, though it keeps what it has seen', (_what, rule) => {
    const bar = otherwise(() => keeping(rule));
    expect(bar).toBeGreaterThanOrEqual(0);
    expect(bar).toBeLessThan(400);
  });

  it('and looks one bar ahead is caught at the first end of data whose next bar matters', () => {
    const stages = [20, 40].map((until) => ({ until, bars: bars.map((each) => planHead(each, until)) }));
    const cheat = () => keeping(([a], row) => !(a!.close[row + 1]! <= a!.close[row]!));
    const rises = wave[20]! > wave[19]!;
    expect(rises).toBe(false);
    expect(otherwise(cheat, stages)).toBe(19);
  });

  it('and fails where the data end is caught there', () => {
    const cheat = () =>
      keeping(([a], row) => {
        if (row < 390 && a!.close[row + 1] === undefined) throw new HoldfastError('strategy_failed', 'no such bar');
        return true;
      });
    const { until } = planStages(plan)[0]!;
    expect(otherwise(cheat)).toBe(until - 1);
  });

  it('and is not repeatable comes out otherwise with all data, too', () => {
    const unsteady = (start: number) => {
      let calls = start;
      return traderBy(() => calls++ % 5 < 2);
    };
    const stages = wholeStage(bars, planStages(plan));
    expect(stages.map(({ until }) => until)).toEqual([400]);
    const recorded = recordOf(unsteady(0));
    expect(firstOtherwise({ stages, trader: unsteady(3), recorded, account, seed: 7 })).not.toBeNull();
  });
});

function planHead(each: Bars, until: number): Bars {
  const cut = (column: Float64Array) => column.slice(0, until);
  const { ts, open, high, low, close, volume } = each;
  return { ...each, ts: cut(ts), open: cut(open), high: cut(high), low: cut(low), close: cut(close), volume: cut(volume) };
}
