import * as z from 'zod';
import { ParamSpec } from './strategy.ts';

/** Longest expression in characters. */
export const MAX_EXPRESSION = 4_000;

/** A word that an expression can use: no `__proto__`, nothing that needs quotes. */
const Name = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, 'write letters, digits and _, a letter first, 64 at most');
const Expression = z.string().min(1).max(MAX_EXPRESSION);

const [integer, number, choice] = ParamSpec.options;
/** As the parameter of a named strategy, but a default is not needed: without one the spec must give a value. */
const RuleParam = z.discriminatedUnion('type', [
  integer.partial({ default: true }),
  number.partial({ default: true }),
  choice.partial({ default: true }),
]);

/** More names than anyone reads; a limit keeps the time of a check short. */
const MAX_NAMES = 200;
export const hasFewNames = (record: object) => Object.keys(record).length <= MAX_NAMES;
export const tooManyNames = `has more than ${MAX_NAMES} names`;

const condition = Expression.optional();
const value = Expression.optional();

/** What to trade as expressions, evaluated at the close of every bar. docs/rules.md explains the language. */
export const Rules = z.strictObject({
  params: z.record(Name, RuleParam).refine(hasFewNames, tooManyNames).default({}),
  let: z.record(Name, Expression).refine(hasFewNames, tooManyNames).default({}).describe('Names for expressions, in any order'),
  enterLong: condition.describe('Condition: buy'),
  exitLong: condition.describe('Condition: sell what was bought'),
  enterShort: condition.describe('Condition: sell short'),
  exitShort: condition.describe('Condition: buy back what was sold short'),
  stopLoss: value.describe('Fraction of the entry price, from the bar of the decision'),
  takeProfit: value.describe('Fraction of the entry price, from the bar of the decision'),
  trailingStop: value.describe('Fraction of the best price since the entry, from the bar of the decision'),
  stopLossPrice: value.describe('As stopLoss, but a price'),
  takeProfitPrice: value.describe('As takeProfit, but a price'),
  trailingStopPrice: value.describe('Price to which the stop moves at each close while a position is open, if that is tighter; never back'),
  maxEntries: value.describe('Most entries to one side that may be open at a time; without it 1'),
  exitSize: value.describe('Fraction of the position that an exit closes; without it all'),
  size: value.describe('Fraction of the equity; without it as account.sizing says'),
  limitPrice: value.describe('Price of a limit order to enter'),
  stopPrice: value.describe('Price of a stop order to enter; with limitPrice a stop-limit order'),
  expireBars: value.describe('Bars that an order to enter waits for its price; without it until it is replaced'),
  weight: value.describe('Share of the equity that a symbol is to have, negative for short'),
  rebalance: Expression.optional().describe(
    'When weights are applied: daily, weekly, monthly, quarterly, or a condition; without it at every bar',
  ),
  universe: condition.describe('Condition: the symbol may be held'),
  tag: Expression.optional().describe("Text that names an entry in the trade list, such as 'breakout'"),
});
export type Rules = z.infer<typeof Rules>;
/** Rules as they are written. */
export type RulesInput = z.input<typeof Rules>;

/** A fault of an input; in an expression with its place. */
export const RuleFault = z.object({
  path: z.string(),
  message: z.string(),
  from: z.int().optional().describe('Of an expression: where in its text the fault begins'),
  to: z.int().optional().describe('Of an expression: the character after the fault'),
});
export type RuleFault = z.infer<typeof RuleFault>;

/** What `POST /v1/strategies/check` takes. */
export const RulesCheckRequest = z.strictObject({
  rules: Rules,
  params: z
    .record(z.string().max(64), z.union([z.number(), z.string().max(200)]))
    .refine(hasFewNames, tooManyNames)
    .default({}),
  columns: z.array(Name).max(200).optional().describe('Further columns of the data, such as those of an upload'),
});

/** What `POST /v1/strategies/check` answers. */
export const RulesCheckReport = z.object({
  faults: z.array(RuleFault).describe('Everything that keeps the rules from running, at once'),
  warnings: z.array(RuleFault).describe('What is probably not meant'),
  columns: z.array(z.string()).describe('Columns that the rules read'),
  indicators: z.array(z.string()).describe('Indicators that they are made of'),
  params: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])).describe('With the defaults filled in'),
  lookback: z.int().nullable().describe('Bars before the first decision; null where there are faults, or more than 65,536'),
});
export type RulesCheckReport = z.infer<typeof RulesCheckReport>;

/** What `GET /v1/indicators` says of an indicator. */
export const IndicatorInfo = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  signature: z.string().describe('As it is written in an expression'),
  series: z.int().describe('How many series come first'),
  columns: z.array(z.string()).describe('Columns that it reads by itself'),
  params: z.array(
    z.object({
      name: z.string(),
      type: z.enum(['integer', 'number']),
      min: z.number(),
      max: z.number(),
      default: z.number().optional(),
    }),
  ),
  outputs: z.array(z.string()).describe('The first is what a call means without a member'),
});
export type IndicatorInfo = z.infer<typeof IndicatorInfo>;

/** A function of the language that is no indicator. */
export const FunctionInfo = z.object({ name: z.string(), signature: z.string(), description: z.string() });
export type FunctionInfo = z.infer<typeof FunctionInfo>;
