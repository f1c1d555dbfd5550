import type { Trader } from '../../engine/trader.ts';
import type { Pair } from './work.ts';

/** Trades the crossing averages as a module would: asked at each bar, with nothing computed before. */
export function movingAverageTrader([fast, slow]: Pair): Trader {
  let fastSum = 0;
  let slowSum = 0;
  let bars = 0;
  let wasAbove = false;
  return {
    firstDecision: 0,
    decide(context) {
      const symbol = context.symbols[0]!;
      const close = symbol.close();
      bars++;
      fastSum += bars > fast ? close - symbol.close(fast) : close;
      slowSum += bars > slow ? close - symbol.close(slow) : close;
      if (bars < slow) return;
      const isAbove = fastSum / fast > slowSum / slow;
      if (bars > slow && isAbove !== wasAbove) {
        if (isAbove && symbol.position === 0) context.buy();
        else if (!isAbove && symbol.position > 0) context.close();
      }
      wasAbove = isAbove;
    },
  };
}
