import { indicatorColumn } from '../../engine/indicators/compute.ts';
import { sma } from '../../engine/indicators/sma.ts';
import type { SignalStrategy } from '../definition.ts';
import { defineRules } from '../rules/define-rules.ts';

const inRules = defineRules({
  name: 'sma-cross',
  title: 'Moving average crossing',
  description:
    'Buys when the fast simple moving average of the closes crosses above the slow one, and sells when it crosses below. With direction long-short it is short instead of flat.',
  params: {
    fast: { type: 'integer', min: 1, max: 10_000, default: 10, description: 'Bars in the fast average' },
    slow: { type: 'integer', min: 2, max: 10_000, default: 30, description: 'Bars in the slow average' },
    direction: { type: 'choice', values: ['long', 'long-short'], default: 'long', description: 'What to hold after a cross below' },
  },
  check: ({ fast, slow }) => (fast! < slow! ? [] : [{ path: 'fast', message: `must be less than slow (${slow}), but is ${fast}` }]),
  rules: {
    let: { quick: 'sma(close, fast)', calm: 'sma(close, slow)' },
    enterLong: 'crossOver(quick, calm)',
    exitLong: "direction == 'long' && crossUnder(quick, calm)",
    enterShort: "direction == 'long-short' && crossUnder(quick, calm)",
  },
});

/** Its averages are shown by the names of their parameters. */
export const smaCross: SignalStrategy = {
  ...inRules,
  prepare(params, bars) {
    const average = (name: 'fast' | 'slow') => indicatorColumn(sma, [bars.close], [params[name] as number]);
    return { ...inRules.prepare(params, bars), indicators: { fast: average('fast'), slow: average('slow') } };
  },
};
