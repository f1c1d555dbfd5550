import { describe, expect, it } from 'vitest';
import { randomWalk, unseen } from './bars-file.ts';
import { movingAverageTrader } from './crossing-trader.ts';
import { startThreads } from './sweep-threads.ts';
import { figuresOf, finishRun, runOnce, sweep, type Pair } from './work.ts';

const bars = randomWalk(5_000);

describe('the work that engines are compared by', () => {
  it('is the same for a trader that is asked at each bar as for the strategy', () => {
    const byStrategy = runOnce(bars, [10, 30]);
    const byTrader = finishRun(bars, { trader: movingAverageTrader([10, 30]) });
    expect(byTrader.metrics.trades).toBeGreaterThan(50);
    expect(byTrader.metrics).toEqual(byStrategy.metrics);
  });

  it('is the same as a sweep of rules and as runs of the named strategy', () => {
    const pairs: Pair[] = [
      [2, 20],
      [10, 30],
      [60, 200],
    ];
    expect(sweep(bars, pairs)).toEqual(figuresOf(pairs.map((pair) => runOnce(bars, pair).metrics)));
  });

  it('gives the same figures in the same order on two threads', async () => {
    const pairs = Array.from({ length: 150 }, (_, k): Pair => [2 + k, 50 + k]);
    const threads = await startThreads({ file: '', bars: bars.ts.length, cores: 2, pairs }, bars);
    const first = await threads.sweep();
    const second = await threads.sweep();
    await threads.stop();
    expect(first).toEqual(sweep(unseen(bars), pairs));
    expect(second).toEqual(first);
  });
});
