import { indicatorColumn } from '../../engine/indicators/compute.ts';
import { order } from '../../engine/indicators/crossing.ts';
import { sma } from '../../engine/indicators/sma.ts';
import { firstDecision } from '../../engine/indicators/warm-up.ts';
import { ENTER_LONG, ENTER_SHORT, EXIT_LONG } from '../../engine/strategy.ts';
import { defineStrategy } from '../definition.ts';

export const smaCross = defineStrategy({
  name: 'sma-cross',
  title: 'Moving average crossing',
  description:
    'Buys when the fast simple moving average of the closes crosses above the slow one, and sells when it crosses below. With direction long-short it is short instead of flat.',
  params: {
    fast: { type: 'integer', min: 1, max: 10_000, default: 10, description: 'Bars in the fast average' },
    slow: { type: 'integer', min: 2, max: 10_000, default: 30, description: 'Bars in the slow average' },
    direction: { type: 'choice', values: ['long', 'long-short'], default: 'long', description: 'What to hold after a cross below' },
  },
  check: ({ fast, slow }) => (fast < slow ? [] : [{ path: 'fast', message: `must be less than slow (${slow}), but is ${fast}` }]),
  prepare(params, bars) {
    const fast = indicatorColumn(sma, [bars.close], [params.fast]);
    const slow = indicatorColumn(sma, [bars.close], [params.slow]);
    const under = params.direction === 'long' ? EXIT_LONG : ENTER_SHORT;
    return {
      firstDecision: firstDecision(fast, slow),
      indicators: { fast, slow },
      signals(fromBar, toBar, out) {
        let before = order(fast, slow, fromBar - 1);
        for (let i = fromBar; i < toBar; i++) {
          const now = order(fast, slow, i);
          out[i - fromBar] = now * before < 0 ? (now > 0 ? ENTER_LONG : under) : 0;
          before = now;
        }
      },
    };
  },
});
