import * as z from 'zod';
import { TIMEFRAME_PATTERN } from '../../shared/spec.ts';
import { companionTables } from '../companions/config.ts';
import { isTimeZone } from '../zone.ts';

/** How a table says when: BigQuery's own types, or whole numbers since 1970. */
const TIME_TYPES = ['TIMESTAMP', 'DATETIME', 'DATE', 'epoch_s', 'epoch_ms', 'epoch_us', 'epoch_ns'] as const;
export type TimeType = (typeof TIME_TYPES)[number];

/** A column, or a field of one. It is quoted in a query, and a name of any other shape could end the quotes. */
const ColumnName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,299}$/, 'is not a column name: letters, digits and _ only');
const ProjectName = z.string().regex(/^([a-z][a-z0-9.-]{0,60}:)?[a-z][a-z0-9-]{2,61}$/, 'is not a project id');
const DatasetName = z.string().regex(/^[A-Za-z0-9_]{1,1024}$/, 'is not a dataset name: letters, digits and _ only');
const TableName = z.string().regex(/^[A-Za-z0-9_-]{1,1024}$/, 'is not a table name: letters, digits, _ and - only');
const NumberType = z.enum(['FLOAT64', 'INT64', 'NUMERIC', 'BIGNUMERIC']);

const Columns = z.strictObject({
  ts: ColumnName,
  open: ColumnName,
  high: ColumnName,
  low: ColumnName,
  close: ColumnName,
  volume: ColumnName,
  symbol: ColumnName.optional().describe('Leave it out for a table of one symbol, and name that in "symbol"'),
  extra: z.record(z.string().regex(/^[A-Za-z][A-Za-z0-9_]*$/, 'is not a name for expressions'), ColumnName).default({}),
});

const Types = z.strictObject({
  ts: z.enum(TIME_TYPES).default('TIMESTAMP'),
  prices: NumberType.default('FLOAT64'),
  volume: NumberType.default('FLOAT64'),
  partition: z.enum(['TIMESTAMP', 'DATETIME', 'DATE']).default('DATE'),
});

const Caps = z.strictObject({
  perRunBytes: z
    .int()
    .positive()
    .default(100 * 2 ** 30)
    .describe('Most bytes that a run may have scanned'),
  perOwnerDayBytes: z
    .int()
    .positive()
    .default(2 ** 40)
    .describe('Most bytes that the runs of an owner may have scanned in a day (UTC)'),
});

/** A table of bars in BigQuery. Unknown keys are refused. */
export const BigQuerySource = z
  .strictObject({
    kind: z.literal('bigquery'),
    name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'is not a source name: small letters, digits and - only'),
    title: z.string().min(1).optional(),
    description: z.string().default(''),
    project: ProjectName,
    dataset: DatasetName,
    table: TableName,
    billingProject: ProjectName.optional().describe('Where jobs run and are paid; the project of the table by default'),
    location: z
      .string()
      .regex(/^[A-Za-z0-9-]+$/, 'is not a location')
      .default('US'),
    symbol: z.string().min(1).optional().describe('The only symbol of a table without a column for it'),
    columns: Columns,
    types: Types.prefault({}),
    priceScale: z.number().positive().default(1).describe('Prices are multiplied by it: 0.01 for cents'),
    partitionColumn: ColumnName.optional(),
    timeframe: z.string().regex(TIMEFRAME_PATTERN, 'write a number and a unit: 1m, 15m, 1h, 1d').describe('Of the bars in the table'),
    timeZone: z.string().refine(isTimeZone, 'is not an IANA time zone').default('UTC'),
    caps: Caps.prefault({}),
    pricePerTiB: z.number().nonnegative().default(6.25).describe('USD for a TiB scanned'),
    snapshot: z.boolean().default(true).describe('false for views and external tables, which cannot be read as they were at a time'),
    ...companionTables({ project: ProjectName.optional(), dataset: DatasetName.optional(), table: TableName }, ColumnName),
    storageApi: z.boolean().default(true).describe('false: rows by the REST API, without trying the Storage Read API'),
  })
  .superRefine((source, context) => {
    if ((source.columns.symbol === undefined) === (source.symbol === undefined))
      context.addIssue({ code: 'custom', path: ['symbol'], message: 'name either the column in columns.symbol, or the only symbol here' });
  });
export type BigQuerySource = z.infer<typeof BigQuerySource>;
