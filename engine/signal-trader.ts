import type { Bars } from '../shared/bars.ts';
import { decide } from './decision.ts';
import type { Strategy } from './strategy.ts';
import type { SymbolView, Trader, TraderContext } from './trader.ts';

/** Bars whose signals are computed at once. */
const BLOCK = 1024;

/**
 * A trader that does what signals say, for each symbol by itself: with next-open fills on one symbol it gives the same bytes as the simulation
 * that is made for that. `strategies` stand in the order of `bars`; null where a symbol is not traded.
 */
export function createSignalTrader(strategies: readonly (Strategy | null)[], bars: readonly Bars[]): Trader {
  const followers = strategies.map((strategy, s) => (strategy === null ? null : createFollower(strategy, bars[s]!.ts.length)));
  return {
    // Each symbol counts its own bars, so each follower waits by itself.
    firstDecision: 0,
    decide(context) {
      for (let s = 0; s < followers.length; s++) followers[s]?.(context, context.symbols[s]!);
    },
  };
}

function createFollower(strategy: Strategy, total: number): (context: TraderContext, symbol: SymbolView) => void {
  const signals = new Uint8Array(BLOCK);
  let from = 0;
  let to = 0;

  return (context, symbol) => {
    const { row } = symbol;
    if (!symbol.trading || row < strategy.firstDecision) return;
    if (row < from || row >= to) {
      from = row;
      to = Math.min(row + BLOCK, total); // no strategy is asked for bars that its symbol does not have
      strategy.signals(from, to, signals);
    }
    const signal = signals[row - from]!;
    if (signal === 0) return;
    const wanted = decide(signal, Math.sign(symbol.position));
    if (wanted !== null) follow(context, symbol.name, wanted);
  };
}

function follow(context: TraderContext, symbol: string, wanted: -1 | 0 | 1): void {
  if (context.orders.length > 0) context.cancel(symbol); // what still waits for a bar is replaced
  if (wanted === 0) context.close({ symbol });
  else context.order({ symbol, side: wanted > 0 ? 'buy' : 'sell' });
}
