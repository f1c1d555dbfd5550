import type { RulesInput } from '#shared/rules.ts';

/** What whoever begins to write rules begins with: two averages that cross. */
export const FIRST_RULES: RulesInput = {
  params: { fast: { type: 'integer', min: 2, max: 60, default: 10 }, slow: { type: 'integer', min: 20, max: 200, default: 30 } },
  let: { f: 'sma(close, fast)', s: 'sma(close, slow)' },
  enterLong: 'crossOver(f, s)',
  exitLong: 'crossUnder(f, s)',
};
