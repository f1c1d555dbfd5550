import { defineRules } from '../rules/define-rules.ts';

export const bollinger = defineRules({
  name: 'bollinger',
  title: 'Bollinger band reversion',
  description:
    'Buys while the close is below the lower Bollinger band, and sells when it is above the middle one. With direction long-short it also sells short above the upper band, and buys back below the middle one.',
  params: {
    period: { type: 'integer', min: 2, max: 10_000, default: 20, description: 'Bars in the mean and the deviation' },
    deviations: { type: 'number', min: 0, max: 100, default: 2, description: 'Standard deviations from the middle band to the others' },
    direction: {
      type: 'choice',
      values: ['long', 'long-short'],
      default: 'long',
      description: 'Whether it sells short above the upper band',
    },
  },
  rules: {
    let: {
      middle: 'bollinger(close, period, deviations).middle',
      upper: 'bollinger(close, period, deviations).upper',
      lower: 'bollinger(close, period, deviations).lower',
    },
    enterLong: 'close < lower',
    exitLong: 'close > middle',
    enterShort: "direction == 'long-short' && close > upper",
    exitShort: 'close < middle',
  },
});
