import * as z from 'zod';
import { DataQuality } from './data-quality.ts';
import { hasFewNames, Rules, tooManyNames } from './rules.ts';
import { SyntheticSpec } from './synthetic.ts';
import { shortText } from './short-text.ts';

/** Lets a cross-field rule run beside other faults of the same object, so that a client sees them all at once. */
const isObject = (payload: { value: unknown }): boolean => typeof payload.value === 'object' && payload.value !== null;

const fraction = z.number().min(0).max(1);

/** `2004-01-31` (a day, inclusive) or `2004-01-31T14:30:00Z` (a moment; exclusive where it ends a range). */
export const Moment = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })], 'write a date (2004-01-31) or a timestamp with its zone (2004-01-31T14:30:00Z)')
  .describe('A date, inclusive, or a timestamp; a timestamp that ends a range is exclusive');

export const SYMBOL_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,31}$/;
export const TIMEFRAME_PATTERN = /^([1-9]\d{0,3})(s|m|h|d|w)$/;

const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** Milliseconds of a timeframe such as `5m`. Throws on text that {@link DataSpec} would not have let through. */
export function timeframeMs(timeframe: string): number {
  const match = TIMEFRAME_PATTERN.exec(timeframe);
  if (!match) throw new RangeError(`"${timeframe}" is not a timeframe`);
  return Number(match[1]) * UNIT_MS[match[2] as keyof typeof UNIT_MS];
}

/** How one symbol is traded. Without an entry: shares of 1 unit in the account's currency, at any price. */
export const InstrumentSpec = z.strictObject({
  multiplier: z
    .number()
    .positive()
    .max(1e9)
    .default(1)
    .describe('Money that one unit gains when the price rises by 1 (50 for an E-mini contract)'),
  tickSize: z.number().positive().max(1e9).optional().describe('Step of the price; fills are rounded to it against the trader'),
  lotSize: z
    .number()
    .positive()
    .max(1e12)
    .optional()
    .describe('Step of the size in units; without it 1, or any size where the account is fractional'),
  minimumSize: z.number().min(0).max(1e12).default(0).describe('Smallest size of an entry in units'),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'write an ISO 4217 code such as USD')
    .optional()
    .describe("Currency of the price; another one than the account's needs the bars of the pair among the symbols, such as EURUSD"),
  tradable: z.boolean().default(true).describe('false for bars that only give a rate or a signal'),
});
export type InstrumentSpec = z.infer<typeof InstrumentSpec>;

const clock = z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'write hours and minutes: 09:30');

/** In the order in which a date counts them: 0 is Sunday. */
export const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

/** When a market trades, by the clock of `timeZone`. */
export const SessionSpec = z.strictObject({
  from: clock.describe('First moment'),
  to: clock.describe('Exclusive end; at or before "from" it is on the next day, whose date the session then has'),
  weekdays: z.array(z.enum(WEEKDAYS)).min(1).max(7).optional().describe('Days of trading, by the date of the session; left out, every day'),
});
export type SessionSpec = z.infer<typeof SessionSpec>;

export const DataSpec = z
  .strictObject({
    source: z.string().regex(/^[a-z][a-z0-9:_-]{0,63}$/, 'name a source listed by GET /v1/datasets'),
    symbols: z
      .array(z.string().regex(SYMBOL_PATTERN))
      .max(2_000)
      .default([])
      .describe('May be left out where there is a universe: then everyone who was a member of it between "from" and "to"'),
    universe: z
      .string()
      .min(1)
      .max(64)
      .optional()
      .describe('A list of GET /v1/datasets with times of membership: a symbol can be held only while it is a member'),
    timeframe: z.string().regex(TIMEFRAME_PATTERN, 'write a number and a unit: 1m, 15m, 1h, 1d').default('1d'),
    from: Moment.optional(),
    to: Moment.optional(),
    asOf: z.iso
      .datetime({ offset: true })
      .optional()
      .describe(
        'Read as the source showed its bars then, where it can go back so far (BigQuery: seven days); else the result says "revised"',
      ),
    adjust: z
      .enum(['none', 'splits', 'total-return'])
      .default('splits')
      .describe('Prices as they were traded, in the shares of the end, or as if dividends had been reinvested'),
    actions: z
      .boolean()
      .optional()
      .describe('Whether splits and dividends that the prices do not contain change the account; left out, only with "adjust": "none"'),
    session: SessionSpec.optional().describe('Bars that open outside it are left out; a day is then from its open to its close'),
    timeZone: z
      .string()
      .min(1)
      .max(64)
      .optional()
      .describe("IANA name, such as America/New_York: whose clock the session, days and weeks go by; left out, the source's own"),
    quality: DataQuality.optional().describe(
      'What is done about faults of the bars; left out: refuse what nobody can trade on, warn of the rest',
    ),
    synthetic: SyntheticSpec.optional(),
    instruments: z.record(z.string(), InstrumentSpec).optional().describe('How each symbol is traded, by symbol'),
  })
  .refine((data) => (data.source === 'synthetic') === (data.synthetic !== undefined), {
    path: ['synthetic'],
    message: 'the source "synthetic" needs {"bars": …}, and no other source takes it',
    when: isObject,
  })
  .refine((data) => !Array.isArray(data.symbols) || data.symbols.length > 0 || data.universe !== undefined, {
    path: ['symbols'],
    message: 'name one symbol at least, or a universe',
    when: isObject,
  })
  .refine((data) => !Array.isArray(data.symbols) || new Set(data.symbols).size === data.symbols.length, {
    path: ['symbols'],
    message: 'names a symbol twice',
    when: isObject,
  })
  .refine(
    (data) =>
      !Array.isArray(data.symbols) ||
      data.symbols.length === 0 ||
      Object.keys(data.instruments ?? {}).every((symbol) => data.symbols.includes(symbol)),
    {
      path: ['instruments'],
      message: 'names a symbol that is not among "symbols"',
      when: isObject,
    },
  )
  .refine((data) => !(data.adjust === 'total-return' && data.actions === true), {
    path: ['actions'],
    message: 'would count dividends twice: "total-return" prices contain them',
    when: isObject,
  })
  .refine((data) => !(Date.parse(data.from ?? '') > Date.parse(data.to ?? '')), {
    path: ['to'],
    message: 'lies before "from"',
    when: isObject,
  });
export type DataSpec = z.infer<typeof DataSpec>;

/** Whether a run's account is to see splits and dividends. */
export function appliesActions({ actions, adjust }: Pick<DataSpec, 'actions' | 'adjust'>): boolean {
  return actions ?? adjust === 'none';
}

export const Sizing = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('all-in') }),
  z.strictObject({ kind: z.literal('fraction'), fraction: z.number().positive().max(1).describe('Of the free money, times leverage') }),
  z.strictObject({ kind: z.literal('units'), units: z.number().positive().max(1e12) }),
  z.strictObject({ kind: z.literal('cash'), amount: z.number().positive().max(1e15).describe('Money a trade, in account currency') }),
]);
export type Sizing = z.infer<typeof Sizing>;

const FeeSpec = z
  .strictObject({
    relative: fraction.default(0).describe('Of the traded money, at entry and at exit'),
    maker: fraction.optional().describe('Instead of "relative" for a limit order that rested before it was filled'),
    fixed: z.number().min(0).max(1e9).default(0).describe('Money a fill'),
    perUnit: z.number().min(0).max(1e9).default(0).describe('Money a unit (a share, a contract)'),
    minimum: z.number().min(0).max(1e9).default(0).describe('Least money a fill'),
    maximum: z.number().min(0).max(1e12).optional().describe('Most money a fill'),
  })
  .refine((fees) => fees.maximum === undefined || fees.maximum >= fees.minimum, {
    path: ['maximum'],
    message: 'is below "minimum"',
    when: isObject,
  });

const SlippageSpec = z.strictObject({
  relative: z.number().min(0).max(0.5).default(0).describe('Of the price, always against the trader'),
  ticks: z.number().min(0).max(1e6).default(0).describe('Price steps against the trader; needs a tickSize'),
  impact: z.number().min(0).max(100).default(0).describe("Of the price, times the square of the order's share of the bar's volume"),
  maxVolumeShare: z
    .number()
    .positive()
    .max(1)
    .optional()
    .describe('Most that all fills of a bar may take of its volume; the rest waits for later bars'),
});

export const AccountSpec = z.strictObject({
  cash: z.number().positive().max(1e15).default(100_000),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'write an ISO 4217 code such as USD')
    .default('USD'),
  fees: FeeSpec.prefault({}),
  slippage: SlippageSpec.prefault({}),
  spread: z.number().min(0).max(0.5).default(0).describe('Between bid and ask, of the price; market and stop orders pay half of it'),
  interest: z
    .strictObject({
      borrow: z.number().min(0).max(10).default(0).describe('Of the value of short positions, a year of 365 days'),
      margin: z.number().min(0).max(10).default(0).describe('Of cash below 0, a year of 365 days'),
    })
    .prefault({}),
  leverage: z.number().min(1).max(100).default(1).describe('Most gross position over equity at an entry'),
  maintenanceMargin: fraction
    .default(0)
    .describe('Least equity over gross position at a close; below it the largest lots are closed. 0: no margin calls'),
  limits: z
    .strictObject({
      position: z.number().positive().max(1000).optional().describe('Most of one symbol, as a multiple of the equity'),
      exposure: z.number().positive().max(1000).optional().describe('Most gross exposure, as a multiple of the equity'),
    })
    .prefault({}),
  hedging: z.boolean().default(false).describe('Long and short lots of one symbol side by side'),
  dividends: z
    .enum(['cash', 'reinvest'])
    .default('cash')
    .describe(
      'Dividends that the prices are not adjusted for: kept in cash, or put into more units at the close of the ex date, without costs',
    ),
  fill: z
    .enum(['next-open', 'same-close', 'next-close'])
    .default('next-open')
    .describe('Where market orders fill: the open after the decision, the close that was decided on, or the close after it'),
  fractional: z.boolean().default(false),
  sizing: Sizing.default({ kind: 'all-in' }),
});
export type AccountSpec = z.infer<typeof AccountSpec>;

/** Which of the definitions in use is meant, where there are several. The formulas stand in docs/metrics.md. */
export const MetricSpec = z.strictObject({
  riskFreeRate: z.number().min(-1).max(10).default(0).describe('A year; each daily return is taken over its share, rate / periods a year'),
  minAcceptableReturn: z
    .number()
    .min(-1)
    .max(10)
    .default(0)
    .describe('A year; below its share a daily return counts as a loss, in Sortino and Omega ratio'),
  periodsPerYear: z
    .union([z.literal('auto'), z.number().positive().max(366)])
    .default('auto')
    .describe(
      'Daily returns a year: "auto" is 365 where there are bars on weekends, else 252, and fewer where bars are further apart than days',
    ),
  sharpe: z
    .enum(['arithmetic', 'geometric'])
    .default('arithmetic')
    .describe(
      'Sharpe and Sortino ratio from the mean of the returns, or from the compounded annual return; geometric Sharpe is over compounded volatility',
    ),
  volatility: z
    .enum(['arithmetic', 'compounded'])
    .default('arithmetic')
    .describe('Deviation of the daily returns × √periods, or that of a year of compounded daily returns'),
  cagr: z
    .enum(['calendar', 'periods'])
    .default('calendar')
    .describe('Years of the growth rate (and of calmar): calendar days / 365.25, or daily returns / periods a year'),
  ddof: z.literal([0, 1]).default(1).describe('Taken off the number of values in the denominator of every variance'),
  valueAtRisk: z
    .enum(['historical', 'historical-lower', 'normal'])
    .default('historical')
    .describe('Percentile with linear interpolation, the next lower return without, or that of a normal distribution'),
  profitFactor: z.enum(['money', 'returns']).default('money').describe('Sums the profits and losses of trades in money, or their returns'),
});
export type MetricSpec = z.infer<typeof MetricSpec>;

/** What a spec with inline rules is called. */
export const RULES = 'rules';

/** A named strategy, whose `params` are checked against its own schema, or inline rules, which are called {@link RULES}. */
export const StrategySpec = z
  .strictObject({
    name: z.string().min(1).max(64).default(RULES).describe('A strategy of GET /v1/strategies; to be left out where there are rules'),
    rules: Rules.optional(),
    params: z
      .record(z.string().max(64), z.union([z.number(), z.string().max(200), z.boolean()]))
      .refine(hasFewNames, tooManyNames)
      .default({}),
  })
  .refine(({ name, rules }) => rules !== undefined || name !== RULES, {
    path: ['name'],
    message: 'name a strategy of GET /v1/strategies, or give rules',
    when: isObject,
  })
  .refine(({ name, rules }) => rules === undefined || name === RULES, {
    path: ['rules'],
    message: 'cannot stand beside the name of a strategy: leave one of them out',
    when: isObject,
  });
export type StrategySpec = z.infer<typeof StrategySpec>;

/** What to run: a run is a pure function of this, the dataset, the strategy's source and the engine's version. */
export const BacktestSpec = z.strictObject({
  specVersion: z.literal(1).default(1),
  name: shortText(200).optional(),
  tags: z.array(shortText(50)).max(20).default([]),
  data: DataSpec,
  strategy: StrategySpec,
  account: AccountSpec.prefault({}),
  metrics: MetricSpec.prefault({}),
  benchmark: z.string().regex(SYMBOL_PATTERN).optional().describe('Symbol to compare with, from the same source'),
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(7),
});
export type BacktestSpec = z.infer<typeof BacktestSpec>;
/** A spec as a client may write it: everything but `data` and `strategy` may be left out. */
export type BacktestSpecInput = z.input<typeof BacktestSpec>;
