import { defineRules } from '../rules/define-rules.ts';

export const macd = defineRules({
  name: 'macd',
  title: 'MACD crossing',
  description:
    'Buys when the MACD line of the closes (the fast exponential average less the slow one) crosses above its signal line, and sells when it crosses below. With direction long-short it is short instead of flat.',
  params: {
    fast: { type: 'integer', min: 1, max: 10_000, default: 12, description: 'Bars in the fast average' },
    slow: { type: 'integer', min: 2, max: 10_000, default: 26, description: 'Bars in the slow average' },
    smooth: { type: 'integer', min: 1, max: 10_000, default: 9, description: 'Bars in the average of the MACD line, its signal line' },
    direction: { type: 'choice', values: ['long', 'long-short'], default: 'long', description: 'What to hold after a cross below' },
  },
  check: ({ fast, slow }) => (fast! < slow! ? [] : [{ path: 'fast', message: `must be less than slow (${slow}), but is ${fast}` }]),
  rules: {
    let: { line: 'macd(close, fast, slow, smooth).macd', signal: 'macd(close, fast, slow, smooth).signal' },
    enterLong: 'crossOver(line, signal)',
    exitLong: 'crossUnder(line, signal)',
    enterShort: "direction == 'long-short' && crossUnder(line, signal)",
    exitShort: 'crossOver(line, signal)',
  },
});
