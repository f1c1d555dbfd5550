import type { EndReason } from '../shared/series.ts';
import { initialHoldings, type Holdings } from './broker/desk.ts';
import type { PlotCounter } from './plot-log.ts';
import { seededState, type RandomState } from './seeded-random.ts';
import type { Json } from './trader.ts';

/** All that is needed to go on from `bar` as if nothing had happened. Plain JSON values without NaN, infinities or -0. */
export interface PortfolioState extends Holdings {
  /** Next bar of the merged timeline to simulate. */
  bar: number;
  ended: Exclude<EndReason, 'interrupted'> | null;
  random: RandomState;
  /** What the trader remembers. */
  memory: Json;
  /** Lines logged so far. */
  logged: number;
  plots: PlotCounter;
}

export function initialState({ cash, symbols, seed }: { cash: number; symbols: number; seed: number }): PortfolioState {
  return {
    ...initialHoldings(cash, symbols),
    bar: 0,
    ended: null,
    random: seededState(seed),
    memory: null,
    logged: 0,
    plots: { names: [], values: 0 },
  };
}
