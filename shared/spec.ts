import * as z from 'zod';

/** Lets a cross-field rule run beside other faults of the same object, so that a client sees them all at once. */
const isObject = (payload: { value: unknown }): boolean => typeof payload.value === 'object' && payload.value !== null;

const fraction = z.number().min(0).max(1);

/** `2004-01-31` (a day, inclusive) or `2004-01-31T14:30:00Z` (a moment; exclusive where it ends a range). */
export const Moment = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })], 'write a date (2004-01-31) or a timestamp with its zone (2004-01-31T14:30:00Z)')
  .describe('A date, inclusive, or a timestamp; a timestamp that ends a range is exclusive');

export const TIMEFRAME_PATTERN = /^([1-9]\d{0,3})(s|m|h|d|w)$/;

const UNIT_MS = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 } as const;

/** Milliseconds of a timeframe such as `5m`. Throws on text that {@link DataSpec} would not have let through. */
export function timeframeMs(timeframe: string): number {
  const match = TIMEFRAME_PATTERN.exec(timeframe);
  if (!match) throw new RangeError(`"${timeframe}" is not a timeframe`);
  return Number(match[1]) * UNIT_MS[match[2] as keyof typeof UNIT_MS];
}

/** Parameters of the seeded random walk behind `"source": "synthetic"`. */
export const SyntheticSpec = z.strictObject({
  bars: z.int().min(2).max(50_000_000).describe('Bars per symbol'),
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(7),
  startPrice: z.number().positive().max(1e9).default(100),
  drift: z.number().min(-10).max(10).default(0.05).describe('Expected log return a year'),
  volatility: z.number().min(0).max(10).default(0.2).describe('Standard deviation of the log return a year'),
});
export type SyntheticSpec = z.infer<typeof SyntheticSpec>;

export const DataSpec = z
  .strictObject({
    source: z.string().regex(/^[a-z][a-z0-9:_-]{0,63}$/, 'name a source listed by GET /v1/datasets'),
    symbols: z
      .array(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,31}$/))
      .min(1)
      .max(500),
    timeframe: z.string().regex(TIMEFRAME_PATTERN, 'write a number and a unit: 1m, 15m, 1h, 1d').default('1d'),
    from: Moment.optional(),
    to: Moment.optional(),
    adjust: z.enum(['none', 'splits', 'total-return']).default('splits'),
    synthetic: SyntheticSpec.optional(),
  })
  .refine((data) => (data.source === 'synthetic') === (data.synthetic !== undefined), {
    path: ['synthetic'],
    message: 'the source "synthetic" needs {"bars": …}, and no other source takes it',
    when: isObject,
  })
  .refine((data) => !Array.isArray(data.symbols) || new Set(data.symbols).size === data.symbols.length, {
    path: ['symbols'],
    message: 'names a symbol twice',
    when: isObject,
  })
  .refine((data) => !(Date.parse(data.from ?? '') > Date.parse(data.to ?? '')), {
    path: ['to'],
    message: 'lies before "from"',
    when: isObject,
  });
export type DataSpec = z.infer<typeof DataSpec>;

export const Sizing = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('all-in') }),
  z.strictObject({ kind: z.literal('fraction'), fraction: z.number().positive().max(1).describe('Of the equity, times leverage') }),
  z.strictObject({ kind: z.literal('units'), units: z.number().positive().max(1e12) }),
  z.strictObject({ kind: z.literal('cash'), amount: z.number().positive().max(1e15).describe('Money a trade, in account currency') }),
]);
export type Sizing = z.infer<typeof Sizing>;

export const AccountSpec = z.strictObject({
  cash: z.number().positive().max(1e15).default(100_000),
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/, 'write an ISO 4217 code such as USD')
    .default('USD'),
  fees: z
    .strictObject({
      relative: fraction.default(0).describe('Of the traded money, at entry and at exit'),
      fixed: z.number().min(0).max(1e9).default(0).describe('Money a fill'),
    })
    .prefault({}),
  slippage: z
    .strictObject({ relative: z.number().min(0).max(0.5).default(0).describe('Of the price, always against the trader') })
    .prefault({}),
  leverage: z.number().min(1).max(100).default(1),
  fill: z.enum(['next-open']).default('next-open'),
  fractional: z.boolean().default(false),
  sizing: Sizing.default({ kind: 'all-in' }),
});
export type AccountSpec = z.infer<typeof AccountSpec>;

/** Which of the definitions in use is meant, where there are several. The formulas stand in docs/metrics.md. */
export const MetricSpec = z.strictObject({
  riskFreeRate: z.number().min(-1).max(10).default(0).describe('A year'),
  minAcceptableReturn: z.number().min(-1).max(10).default(0).describe('A year'),
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

/** A named strategy; `params` are checked against the strategy's own schema. */
export const StrategySpec = z.strictObject({
  name: z.string().min(1).max(64),
  params: z.record(z.string().max(64), z.union([z.number(), z.string().max(200), z.boolean()])).default({}),
});
export type StrategySpec = z.infer<typeof StrategySpec>;

/** What to run: a run is a pure function of this, the dataset, the strategy's source and the engine's version. */
export const BacktestSpec = z.strictObject({
  specVersion: z.literal(1).default(1),
  name: z.string().trim().min(1).max(200).optional(),
  tags: z.array(z.string().trim().min(1).max(50)).max(20).default([]),
  data: DataSpec,
  strategy: StrategySpec,
  account: AccountSpec.prefault({}),
  metrics: MetricSpec.prefault({}),
  benchmark: z.string().max(32).optional().describe('Symbol to compare with, from the same source'),
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(7),
});
export type BacktestSpec = z.infer<typeof BacktestSpec>;
/** A spec as a client may write it: everything but `data` and `strategy` may be left out. */
export type BacktestSpecInput = z.input<typeof BacktestSpec>;
