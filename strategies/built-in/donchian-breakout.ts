import { defineRules } from '../rules/define-rules.ts';

export const donchianBreakout = defineRules({
  name: 'donchian-breakout',
  title: 'Donchian breakout',
  description:
    'Buys when the close is above the highest high of the bars before it, and sells when it is below the lowest low of fewer of them. With direction long-short it does the same on the other side. After the rules of the turtle traders.',
  params: {
    entry: {
      type: 'integer',
      min: 1,
      max: 10_000,
      default: 20,
      description: 'Bars before this one whose range a close must leave to enter',
    },
    exit: {
      type: 'integer',
      min: 1,
      max: 10_000,
      default: 10,
      description: 'Bars before this one whose range a close must leave to get out',
    },
    direction: { type: 'choice', values: ['long', 'long-short'], default: 'long', description: 'Whether it sells short below the range' },
  },
  rules: {
    let: {
      top: 'donchian(entry).upper[1]',
      bottom: 'donchian(entry).lower[1]',
      exitTop: 'donchian(exit).upper[1]',
      exitBottom: 'donchian(exit).lower[1]',
    },
    enterLong: 'close > top',
    exitLong: 'close < exitBottom',
    enterShort: "direction == 'long-short' && close < bottom",
    exitShort: 'close > exitTop',
  },
});
