import { defineRules } from '../rules/define-rules.ts';

export const emaCross = defineRules({
  name: 'ema-cross',
  title: 'Exponential average crossing',
  description:
    'Buys when the fast exponential moving average of the closes crosses above the slow one, and sells when it crosses below. With direction long-short it is short instead of flat.',
  params: {
    fast: { type: 'integer', min: 1, max: 10_000, default: 10, description: 'Bars in the fast average' },
    slow: { type: 'integer', min: 2, max: 10_000, default: 30, description: 'Bars in the slow average' },
    direction: { type: 'choice', values: ['long', 'long-short'], default: 'long', description: 'What to hold after a cross below' },
  },
  check: ({ fast, slow }) => (fast! < slow! ? [] : [{ path: 'fast', message: `must be less than slow (${slow}), but is ${fast}` }]),
  rules: {
    let: { quick: 'ema(close, fast)', calm: 'ema(close, slow)' },
    enterLong: 'crossOver(quick, calm)',
    exitLong: 'crossUnder(quick, calm)',
    enterShort: "direction == 'long-short' && crossUnder(quick, calm)",
    exitShort: 'crossOver(quick, calm)',
  },
});
