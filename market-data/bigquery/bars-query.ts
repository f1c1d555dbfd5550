import { DAY_MS } from '../../engine/timeframes/local-time.ts';
import { TIMEFRAME_PATTERN, timeframeMs, type DataSpec } from '../../shared/spec.ts';
import { isDate, timeRange } from '../range.ts';
import type { BigQuerySource } from './config.ts';
import type { Query, QueryParameter } from './parameters.ts';
import { asOf } from './snapshot.ts';
import { pruningOf, quoted, timeOf } from './table-time.ts';

/** Columns of the rows that a bars query gives, in this order; extra columns follow as {@link extraColumn}. All but the first two may be null. */
export const ROW_COLUMNS = ['ts', 'place', 'open', 'high', 'low', 'close', 'volume'] as const;

/** The day that 1970-01-01 is in its week, counted from Monday. */
const MONDAY = 3;
const OFFERED = [
  '1m',
  '2m',
  '3m',
  '5m',
  '10m',
  '15m',
  '20m',
  '30m',
  '1h',
  '2h',
  '3h',
  '4h',
  '6h',
  '8h',
  '12h',
  '1d',
  '2d',
  '3d',
  '5d',
  '1w',
  '2w',
];

/** Result column of the extra column with this number. */
export function extraColumn(number: number): string {
  return `extra_${number}`;
}

/**
 * The timeframes that queries give, the table's own first. Slower ones are made in SQL only where that gives the same bars as making them here: volumes
 * are whole numbers, because the sum of others depends on their order, days begin where both sides agree that they do, and no bar is longer than a day where
 * shares may be split: one would be of old and new shares.
 */
export function timeframesOf({ timeframe, types, timeZone, splits, dividends }: BigQuerySource): string[] {
  if (types.volume !== 'INT64') return [timeframe];
  const base = timeframeMs(timeframe);
  const isSafe = (ms: number) => timeZone === 'UTC' || ms >= DAY_MS || 3_600_000 % ms === 0;
  const longest = (splits ?? dividends) === undefined ? Infinity : DAY_MS;
  const slower = OFFERED.filter((each) => {
    const ms = timeframeMs(each);
    return (
      ms > base && ms <= longest && ms % base === 0 && isSafe(ms) && !(base >= DAY_MS && TIMEFRAME_PATTERN.exec(timeframe)![2] === 'w')
    );
  });
  return [timeframe, ...slower];
}

/** The bars of a request: one row each, in any order. `snapshot`: the table as it was at that time (ms). */
export function barsQuery(source: BigQuerySource, request: DataSpec, snapshot: number | null): Query {
  const { columns, priceScale } = source;
  const price = (name: 'open' | 'high' | 'low' | 'close') => {
    const value = `CAST(t.${quoted(columns[name])} AS FLOAT64)`;
    return `${priceScale === 1 ? value : `${value} * ${priceScale}`} AS ${name}`;
  };
  const isResampled = request.timeframe !== source.timeframe;
  const time = timeOf(source);
  const volume = `t.${quoted(columns.volume)}`;
  const selected = [
    `${time.ms} AS moment`,
    `${labelOf(source, request)} AS ts`,
    ...(['open', 'high', 'low', 'close'] as const).map(price),
    `${isResampled ? volume : `CAST(${volume} AS FLOAT64)`} AS volume`,
    ...Object.values(columns.extra).map((column, number) => `CAST(t.${quoted(column)} AS FLOAT64) AS ${extraColumn(number)}`),
  ];
  const rows = rowsOf(source, request, { selected, snapshot });
  const extra = Object.keys(columns.extra).map((_, number) => extraColumn(number));
  const plain = [...ROW_COLUMNS, ...extra].join(', ');
  return { text: isResampled ? resampled(rows.text, extra) : `SELECT ${plain} FROM (${rows.text})`, parameters: rows.parameters };
}

function rowsOf(source: BigQuerySource, request: DataSpec, { selected, snapshot }: { selected: string[]; snapshot: number | null }): Query {
  const { columns, project, dataset, table, partitionColumn, types } = source;
  const range = rangeOf(source, request);
  const own = pruningOf(columns.ts, types.ts, range);
  const partition =
    partitionColumn && partitionColumn !== columns.ts && pruningOf(partitionColumn, types.partition, { ...range, margin: true });
  const from = `${quoted(project, dataset, table)} AS t${asOf(snapshot)}`;
  const symbols: QueryParameter = { name: 'symbols', type: 'STRING', value: request.symbols };
  const symbol = columns.symbol && `t.${quoted(columns.symbol)}`;
  const join = symbol ? ` JOIN UNNEST(@symbols) AS wanted WITH OFFSET AS wanted_offset ON ${symbol} = wanted` : '';
  const conditions = [
    // The join alone would not let clustered blocks be left out.
    ...(symbol ? [`${symbol} IN UNNEST(@symbols)`] : []),
    own.condition,
    ...(partition ? [partition.condition] : []),
    ...range.conditions,
  ];
  return {
    // Of another name than its column: a server that counts from 1 would take 1 from both.
    text: `SELECT ${symbol ? 'wanted_offset' : '0'} AS place, ${selected.join(', ')} FROM ${from}${join} WHERE ${conditions.join(' AND ')}`,
    parameters: [...(symbol ? [symbols] : []), ...own.parameters, ...(partition ? partition.parameters : []), ...range.parameters],
  };
}

/** Open of the first, high and low of all, close of the last, the sum of the volumes. A bar that nobody could have traded on makes the high null, which is refused. */
function resampled(rows: string, extra: readonly string[]): string {
  const sound = 'IFNULL(low > 0 AND open BETWEEN low AND high AND close BETWEEN low AND high AND volume >= 0, FALSE)';
  const columns = [
    'ts',
    'place',
    'MIN_BY(open, moment) AS open',
    `IF(LOGICAL_AND(${sound}) AND COUNT(*) = COUNT(DISTINCT moment), MAX(high), NULL) AS high`,
    'MIN(low) AS low',
    'MAX_BY(close, moment) AS close',
    'CAST(SUM(volume) AS FLOAT64) AS volume',
    ...extra.map((name) => `MAX_BY(${name}, moment) AS ${name}`),
  ];
  return `SELECT ${columns.join(', ')} FROM (${rows}) GROUP BY place, ts`;
}

/** The `ts` that a bar of the request carries, in milliseconds: midnight UTC of their local date for days and weeks. */
function labelOf(source: BigQuerySource, { timeframe }: DataSpec): string {
  const time = timeOf(source);
  const ms = timeframeMs(timeframe);
  if (ms < DAY_MS) {
    return timeframe === source.timeframe ? time.ms : `${time.ms} - MOD(${time.ms} - ${time.midnightMs}, ${ms})`;
  }
  const days = ms / DAY_MS;
  if (timeframe === source.timeframe || days === 1) return `${time.day} * ${DAY_MS}`;
  const offset = TIMEFRAME_PATTERN.exec(timeframe)![2] === 'w' ? MONDAY : 0;
  return `(CAST(FLOOR((${time.day} + ${offset}) / ${days}) AS INT64) * ${days} - ${offset}) * ${DAY_MS}`;
}

/** What of the table is in the range: moments, and where bars are days of the local calendar, dates. */
function rangeOf(source: BigQuerySource, request: DataSpec) {
  const { start, end } = timeRange(request);
  const time = timeOf(source);
  const isDaily = timeframeMs(request.timeframe) >= DAY_MS;
  const isTableDaily = timeframeMs(source.timeframe) >= DAY_MS;
  const side = (moment: string | undefined) => (isTableDaily || (isDaily && moment !== undefined && isDate(moment)) ? 'day' : 'moment');
  const sql = { day: `${time.day} * ${DAY_MS}`, moment: time.ms };
  const bounds = [
    { name: 'range_from', sign: '>=', ms: start, moment: request.from },
    { name: 'range_to', sign: '<', ms: end, moment: request.to },
  ].filter(({ ms }) => Number.isFinite(ms));
  return {
    start,
    end,
    margin: isDaily,
    conditions: bounds.map(({ name, sign, moment }) => `${sql[side(moment)]} ${sign} @${name}`),
    parameters: bounds.map(({ name, ms }): QueryParameter => ({ name, type: 'INT64', value: String(ms) })),
  };
}

/** Every symbol with its first and last local date and its number of bars. */
export function symbolsQuery(source: BigQuerySource): Query {
  const { columns, project, dataset, table, types, partitionColumn } = source;
  const always = { start: -Infinity, end: Infinity, margin: false };
  const own = pruningOf(columns.ts, types.ts, always);
  const partition = partitionColumn && partitionColumn !== columns.ts && pruningOf(partitionColumn, types.partition, always);
  const symbol = columns.symbol === undefined ? '@symbol' : `CAST(t.${quoted(columns.symbol)} AS STRING)`;
  const only: QueryParameter[] = source.symbol === undefined ? [] : [{ name: 'symbol', type: 'STRING', value: source.symbol }];
  const { day } = timeOf(source);
  return {
    text: `SELECT ${symbol} AS symbol, MIN(${day}) AS first, MAX(${day}) AS last, COUNT(*) AS bars FROM ${quoted(project, dataset, table)} AS t WHERE ${[own.condition, ...(partition ? [partition.condition] : [])].join(' AND ')} GROUP BY 1 ORDER BY 1`,
    parameters: [...only, ...own.parameters, ...(partition ? partition.parameters : [])],
  };
}
