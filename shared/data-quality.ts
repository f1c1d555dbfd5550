import * as z from 'zod';

/** What nobody can trade on. */
const refuseOrRepair = z.enum(['refuse', 'repair']).default('refuse');
/** What may be true of a market, and often is a fault of its data. */
const refuseOrWarn = z.enum(['refuse', 'warn', 'ignore']).default('warn');

/** What is done about each kind of fault. docs/data.md says what each of them is, and what a repair does. */
export const DataQuality = z.strictObject({
  unsorted: refuseOrRepair.describe('Bars that come before an earlier one; repaired by sorting'),
  duplicates: refuseOrRepair.describe('Bars of one time; repaired by keeping the last of them'),
  prices: refuseOrRepair.describe('A price that is not above 0, a volume below 0, a time that is none; repaired by leaving the bar out'),
  ohlc: refuseOrRepair.describe('An open or close outside of low and high; repaired by widening low and high'),
  gaps: refuseOrWarn.describe('Times without a bar at which the calendar has one'),
  zeroVolume: refuseOrWarn.describe('Bars without volume'),
  outliers: refuseOrWarn.describe('Closes that leave their neighbours and are back a bar later'),
  splits: refuseOrWarn.describe('Price and volume that jump as in a split that nobody has named'),
  stale: refuseOrWarn.describe('Last bars that do not move any more'),
  calendar: z
    .enum(['auto', '24/7', 'weekdays', 'symbols'])
    .default('auto')
    .describe(
      'When bars are due: always, on Mondays to Fridays, or whenever another symbol has one; auto: always where there are bars on weekends, else symbols',
    ),
});
export type DataQuality = z.infer<typeof DataQuality>;

export const QUALITY_CHECKS = ['unsorted', 'duplicates', 'prices', 'ohlc', 'gaps', 'zeroVolume', 'outliers', 'splits', 'stale'] as const;
export type QualityCheck = (typeof QUALITY_CHECKS)[number];

/** One kind of fault of one symbol. */
export const QualityFinding = z.object({
  check: z.enum(QUALITY_CHECKS),
  symbol: z.string(),
  count: z.int().describe('Bars; of gaps, bars that are missing'),
  first: z.iso.datetime().describe('The first of them'),
  action: z.enum(['repaired', 'warned']),
  message: z.string(),
});
export type QualityFinding = z.infer<typeof QualityFinding>;

/** What was found in a dataset's bars when they were fetched, before they were adjusted or put together to slower ones. */
export const QualityReport = z.object({
  calendar: z.enum(['24/7', 'weekdays', 'symbols']).describe('Against which gaps were counted'),
  bars: z.int().describe('That were looked at, over all symbols'),
  findings: z.array(QualityFinding).describe('In the order of the checks, then of the symbols; none for clean data'),
  more: z.int().describe('Findings beyond the hundred that are listed'),
});
export type QualityReport = z.infer<typeof QualityReport>;
