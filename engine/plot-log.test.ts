import { describe, expect, it } from 'vitest';
import { createPlotLog, type PlotCounter } from './plot-log.ts';

const bar = (ts: number) => ({ ts, symbol: 0 });

describe('what a strategy plots', () => {
  it('is kept by the place of its name, with time and symbol', () => {
    const counter: PlotCounter = { names: [], values: 0 };
    const log = createPlotLog(counter);
    log.add('spread', 1.5, bar(1));
    log.add('score', -2, { ts: 1, symbol: 3 });
    log.add('spread', Number.NaN, bar(2));
    expect(counter).toEqual({ names: ['spread', 'score'], values: 3 });
    const { plots } = log.take();
    expect([...plots!.name]).toEqual([0, 1, 0]);
    expect([...plots!.ts]).toEqual([1, 1, 2]);
    expect([...plots!.symbol]).toEqual([0, 3, 0]);
    expect([...plots!.value]).toEqual([1.5, -2, Number.NaN]);
    expect(log.take()).toEqual({});
  });

  it('goes on with the names of a checkpoint', () => {
    const counter: PlotCounter = { names: ['spread'], values: 1 };
    const log = createPlotLog(counter);
    log.add('score', 1, bar(1));
    log.add('spread', 2, bar(1));
    expect([...log.take().plots!.name]).toEqual([1, 0]);
  });

  it('keeps a million values and drops the rest', () => {
    const counter: PlotCounter = { names: ['a'], values: 999_999 };
    const log = createPlotLog(counter);
    for (const value of [1, 2, 3]) log.add('a', value, bar(value));
    expect([...log.take().plots!.value]).toEqual([1]);
    expect(counter.values).toBe(1_000_000);
  });

  it.each(['close', '', '1st', 'a\nb', 'x'.repeat(65)])('refuses the name %j', (name) => {
    expect(() => createPlotLog({ names: [], values: 0 }).add(name, 1, bar(1))).toThrow(/is not a name for a plot/);
  });

  it('refuses a new name for each value', () => {
    const log = createPlotLog({ names: [], values: 0 });
    const fill = () => Array.from({ length: 51 }, (_, i) => log.add(`v${i}`, 1, bar(1)));
    expect(fill).toThrow(/more than 50 different names/);
  });
});
