import type { TrialRange, TrialsPlan } from '../activities/plan-trials.ts';
import type { TrialsResult } from '../activities/run-trials.ts';

/** Which trials of a sweep are done, on their way, and left. */
export interface TrialQueue {
  readonly done: number;
  /** Trials that are wanted. */
  readonly total: number;
  /** So many trials are wanted by now. */
  want(total: number): void;
  /** The next shard, for so many at a time; null where there is none, or it has to wait for others. */
  take(shards: number): TrialRange | null;
  finish(range: TrialRange, result: TrialsResult): void;
  /** Nothing of it was done. */
  giveBack(range: TrialRange): void;
  /** Nothing is left and nothing is on its way; what the budget forbids is not left. */
  isDone(): boolean;
  isOverBudget(): boolean;
  isBetter(objective: number, than: number): boolean;
  /** Trials a second, by the workflow's clock, since the last {@link TrialQueue.restartClock}. */
  perSecond(): number;
  restartClock(): void;
}

/** Below, handing a shard over would cost as much as the trials. */
const LEAST_SECONDS = 0.25;
/** A file of these is a few megabytes. */
const MOST_TRIALS = 10_000;
/** A sweep has that many shards a slot at least, so that slots end together. */
const SHARDS_A_SLOT = 4;

/** The trials of a sweep in shards: long enough to be worth it, short enough that nobody waits long for a slot. */
export function createTrialQueue(plan: TrialsPlan): TrialQueue {
  const { follows, shardMs, budgetSeconds, direction } = plan;
  const left = [...plan.gaps];
  const onTheirWay = new Set<TrialRange>();
  let { done, next, cpuSeconds, secondsPerTrial, total } = plan;
  const clock = createClock(done);
  const isOverBudget = (): boolean => cpuSeconds >= budgetSeconds;

  const giveBack = (range: TrialRange): void => {
    onTheirWay.delete(range);
    if (range.from >= range.to) return;
    left.push(range);
    left.sort((a, b) => a.from - b.from);
  };

  function endOf(from: number, shards: number): number {
    if (follows !== null) return from - (from % follows.block) + follows.block;
    const undone = total - done - [...onTheirWay].reduce((sum, range) => sum + range.to - range.from, 0);
    return from + shardSize({ total, undone, shards, free: shards - onTheirWay.size, secondsPerTrial, shardMs });
  }

  /** Whether all trials are done that the block of this one follows. */
  function mayStart(from: number): boolean {
    if (follows === null) return true;
    const lowest = Math.min(from, ...[...onTheirWay].map((range) => range.from));
    return lowest >= from - (from % follows.block) - follows.lag;
  }

  return {
    get done() {
      return done;
    },
    get total() {
      return total;
    },
    want: (trials) => void (total = trials),
    take(shards) {
      const range = left[0] ?? { from: next, to: total };
      if (isOverBudget() || range.from >= range.to || !mayStart(range.from)) return null;
      const shard = { from: range.from, to: Math.min(range.to, endOf(range.from, shards)) };
      if (left[0] === range) {
        left.shift();
        if (shard.to < range.to) left.unshift({ from: shard.to, to: range.to });
      } else next = shard.to;
      onTheirWay.add(shard);
      return shard;
    },
    finish(range, result) {
      done += result.count;
      cpuSeconds += result.cpuSeconds;
      if (result.count > 0)
        secondsPerTrial = Math.max(1e-6, result.cpuSeconds > 0 ? result.cpuSeconds / result.count : secondsPerTrial / 4);
      onTheirWay.delete(range);
      giveBack({ from: range.from + result.count, to: range.to });
    },
    giveBack,
    isDone: () => onTheirWay.size === 0 && (isOverBudget() || (left.length === 0 && next >= total)),
    isOverBudget,
    isBetter: (objective, than) => (direction === 'max' ? objective > than : objective < than),
    perSecond: () => clock.perSecond(done),
    restartClock: () => clock.restart(done),
  };
}

function createClock(done: number) {
  let start = { at: Date.now(), done };
  return {
    perSecond(now: number): number {
      const seconds = (Date.now() - start.at) / 1_000;
      return seconds <= 0 ? 0 : (now - start.done) / seconds;
    },
    restart: (now: number) => void (start = { at: Date.now(), done: now }),
  };
}

interface Sizing {
  total: number;
  /** Trials that nobody is at. */
  undone: number;
  shards: number;
  /** Of these, the ones that are free. */
  free: number;
  secondsPerTrial: number;
  shardMs: number;
}

function shardSize({ total, undone, shards, free, secondsPerTrial, shardMs }: Sizing): number {
  const byTime = Math.min(MOST_TRIALS, shardMs / 1_000 / secondsPerTrial);
  const even = Math.max(LEAST_SECONDS / secondsPerTrial, total / (SHARDS_A_SLOT * shards));
  const pieces = Math.max(free, 1, Math.round(undone / Math.min(byTime, even)));
  return Math.max(1, Math.ceil(undone / pieces));
}
