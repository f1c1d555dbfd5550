import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TrialRange, TrialsPlan } from '../activities/plan-trials.ts';
import { createTrialQueue } from './trial-queue.ts';

const PLAN: TrialsPlan = {
  total: 1_000,
  done: 0,
  next: 0,
  cpuSeconds: 0,
  cached: 0,
  gaps: [],
  shardMs: 1_500,
  secondsPerTrial: 0.01,
  follows: null,
  budgetSeconds: Infinity,
  direction: 'max',
};
const did = (count: number, cpuSeconds = 0.01 * count) => ({ count, cpuSeconds, cached: 0, best: null });

describe('the trials of a sweep', () => {
  it('are each handed out until it is done, and never to two at a time, whatever shards come to', () => {
    const plans = fc.record({
      total: fc.integer({ min: 1, max: 250 }),
      secondsPerTrial: fc.constantFrom(1e-5, 0.01, 3),
      follows: fc.constantFrom(null, { block: 16, lag: 64 }),
    });
    const ends = fc.array(fc.record({ which: fc.nat(), share: fc.double({ min: 0, max: 1, noNaN: true }) }), {
      minLength: 5,
      maxLength: 5,
    });
    fc.assert(
      fc.property(plans, ends, fc.integer({ min: 1, max: 5 }), (plan, turns, shards) => {
        const queue = createTrialQueue({ ...PLAN, ...plan });
        const done = new Set<number>();
        const busy: TrialRange[] = [];
        for (let turn = 0; !queue.isDone(); turn++) {
          while (busy.length < shards) {
            const range = queue.take(shards);
            if (range === null) break;
            for (const other of busy) expect(range.to <= other.from || range.from >= other.to).toBe(true);
            busy.push(range);
          }
          const { which, share } = turns[turn % turns.length]!;
          const [range] = busy.splice(which % busy.length, 1) as [TrialRange];
          if (plan.follows) for (let k = 0; k < range.from - (range.from % 16) - 64; k++) expect(done.has(k), `${k}`).toBe(true);
          const count = Math.round((turn > 200 ? 1 : share) * (range.to - range.from));
          for (let trial = range.from; trial < range.from + count; trial++) {
            expect(done.has(trial)).toBe(false);
            done.add(trial);
          }
          queue.finish(range, did(count));
        }
        expect(done.size).toBe(plan.total);
      }),
      { numRuns: 50 },
    );
  });

  it('go on where the rows say that some are missing', () => {
    const queue = createTrialQueue({
      ...PLAN,
      total: 100,
      done: 70,
      next: 90,
      gaps: [
        { from: 5, to: 15 },
        { from: 40, to: 50 },
      ],
    });
    const taken: TrialRange[] = [];
    for (let range = queue.take(1); range !== null; range = queue.take(1)) {
      taken.push(range);
      queue.finish(range, did(range.to - range.from));
    }
    expect(taken).toEqual([
      { from: 5, to: 15 },
      { from: 40, to: 50 },
      { from: 90, to: 100 },
    ]);
  });

  it('are cut so that a shard takes no longer than somebody may wait, and all slots end together', () => {
    const sizes = (plan: Partial<TrialsPlan>) => {
      const queue = createTrialQueue({ ...PLAN, ...plan });
      return [queue.take(2)!, queue.take(2)!].map(({ from, to }) => to - from);
    };
    expect(sizes({ secondsPerTrial: 0.01, total: 100_000 })).toEqual([150, 150]);
    expect(sizes({ secondsPerTrial: 0.0005, total: 1_013 })).toEqual([507, 506]);
    expect(sizes({ secondsPerTrial: 10, total: 50 })).toEqual([1, 1]);
  });

  it('stop being handed out when the budget is used up', () => {
    const queue = createTrialQueue({ ...PLAN, budgetSeconds: 2 });
    const first = queue.take(1)!;
    queue.finish(first, did(first.to - first.from, 3));
    expect(queue.take(1)).toBeNull();
    expect([queue.isDone(), queue.isOverBudget()]).toEqual([true, true]);
  });
});
