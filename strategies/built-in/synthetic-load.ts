import { defineStrategy } from '../definition.ts';
import { smaCross } from './sma-cross.ts';

/** Steps of the loop below that take a microsecond: measured on an AMD EPYC core of 2026. A constant, because a strategy has no clock. */
const STEPS_PER_MICROSECOND = 590;

export const syntheticLoad = defineStrategy({
  name: 'synthetic-load',
  title: 'Synthetic load',
  description:
    'For load and crash tests: the decisions of sma-cross (long), and a stated CPU cost for each bar, spent on arithmetic that changes nothing.',
  params: {
    fast: smaCross.params['fast']!,
    slow: smaCross.params['slow']!,
    microsecondsPerBar: { type: 'number', min: 0, max: 1000, default: 20, description: 'CPU time a bar on a server core, about' },
  },
  check: (params) => smaCross.check?.({ ...params }) ?? [],
  prepare({ microsecondsPerBar, ...params }, bars) {
    const decisions = smaCross.prepare({ ...params, direction: 'long' }, bars);
    const steps = Math.round(microsecondsPerBar * STEPS_PER_MICROSECOND);
    return {
      firstDecision: decisions.firstDecision,
      indicators: decisions.indicators ?? {},
      signals(fromBar, toBar, out) {
        decisions.signals(fromBar, toBar, out);
        for (let i = fromBar; i < toBar; i++) {
          // Never true for a price; an optimising compiler cannot know and must do the work.
          if (spend(steps, bars.close[i]!) < 0) out[i - fromBar] = 0;
        }
      },
    };
  },
});

/** Each step needs the result of the one before, so the time is steps × the latency of a multiplication and an addition. */
function spend(steps: number, seed: number): number {
  let x = seed;
  for (let i = 0; i < steps; i++) x = x * 0.999 + 0.001;
  return x;
}
