import type { Trader } from '../../engine/trader.ts';
import type { Pair } from './work.ts';

/** Trades the crossing averages as a module would: asked at each bar, with nothing computed before, and with what it remembers in one object. */
export function movingAverageTrader([fast, slow]: Pair): Trader {
  const memory = { fastSum: 0, slowSum: 0, bars: 0, wasAbove: false };
  return {
    firstDecision: 0,
    decide(context) {
      const symbol = context.symbols[0]!;
      const close = symbol.close();
      const bars = ++memory.bars;
      memory.fastSum += bars > fast ? close - symbol.close(fast) : close;
      memory.slowSum += bars > slow ? close - symbol.close(slow) : close;
      if (bars < slow) return;
      const isAbove = memory.fastSum / fast > memory.slowSum / slow;
      if (bars > slow && isAbove !== memory.wasAbove) {
        if (isAbove && symbol.position === 0) context.buy();
        else if (!isAbove && symbol.position > 0) context.close();
      }
      memory.wasAbove = isAbove;
    },
  };
}
