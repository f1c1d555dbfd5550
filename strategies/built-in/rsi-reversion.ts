import { indicatorColumn } from '../../engine/indicators/compute.ts';
import { rsi } from '../../engine/indicators/rsi.ts';
import { firstDecision } from '../../engine/indicators/warm-up.ts';
import { ENTER_LONG, EXIT_LONG } from '../../engine/strategy.ts';
import { defineStrategy } from '../definition.ts';

export const rsiReversion = defineStrategy({
  name: 'rsi-reversion',
  title: 'RSI mean reversion',
  description: "Buys while Wilder's relative strength index of the closes is below one threshold, and sells when it is above the other.",
  params: {
    period: { type: 'integer', min: 2, max: 10_000, default: 14, description: 'Bars over which gains and losses are averaged' },
    buyBelow: { type: 'number', min: 0, max: 100, default: 35, description: 'Buy while the index is below this' },
    sellAbove: { type: 'number', min: 0, max: 100, default: 55, description: 'Sell when the index is above this' },
  },
  check: ({ buyBelow, sellAbove }) =>
    buyBelow <= sellAbove ? [] : [{ path: 'buyBelow', message: `must not be above sellAbove (${sellAbove}), but is ${buyBelow}` }],
  prepare({ period, buyBelow, sellAbove }, bars) {
    const index = indicatorColumn(rsi, [bars.close], [period]);
    return {
      firstDecision: firstDecision(index),
      indicators: { rsi: index },
      signals(fromBar, toBar, out) {
        for (let i = fromBar; i < toBar; i++) {
          out[i - fromBar] = index[i]! < buyBelow ? ENTER_LONG : index[i]! > sellAbove ? EXIT_LONG : 0;
        }
      },
    };
  },
});
