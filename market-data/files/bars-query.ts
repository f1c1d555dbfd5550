import { DAY_MS } from '../../engine/timeframes/local-time.ts';
import { PRICE_COLUMNS } from '../../shared/bars.ts';
import { HoldfastError } from '../../shared/errors.ts';
import { timeframeMs } from '../../shared/spec.ts';
import type { TimeRange } from '../range.ts';
import type { FilesSource } from './config.ts';
import type { LocalFile } from './list-files.ts';
import { literal, quoted, type TableSession } from './table-session.ts';
import { epochTime, textTime } from './time-expression.ts';

/** SQL for parts of a table in files. */
export interface TableSql {
  from: string;
  /** The time of a bar in ms, as a double. */
  ts: string;
  symbol: string;
  numbers: string[];
  /** A condition that lets the reader leave out parts of a file, and keeps all bars of a range. */
  near(range: TimeRange): string;
}

/** What the columns of these files are called, and what they are. Fails with `source_refused` where one is missing. */
export async function describeTable(session: TableSession, config: FilesSource, files: readonly LocalFile[]): Promise<TableSql> {
  const { columns } = config;
  const from = tableOf(config.format, files);
  const described = await session.rows(`DESCRIBE SELECT * FROM ${from}`);
  const types = new Map(described.map((row) => [String(row['column_name']), String(row['column_type'])]));
  const names = [
    columns.ts,
    ...PRICE_COLUMNS.map((name) => columns[name]),
    ...(columns.symbol ? [columns.symbol] : []),
    ...Object.values(columns.extra),
  ];
  const missing = names.filter((name) => !types.has(name));
  if (missing.length > 0) {
    const there = [...types.keys()].filter((name) => name !== 'filename').join(', ');
    throw new HoldfastError(
      'source_refused',
      `The files of the source "${config.name}" have no column ${missing.join(', ')}; they have ${there}. Correct its "columns".`,
    );
  }
  const number = (name: string, scale = 1): string => {
    const value = `TRY_CAST(${quoted(name)} AS DOUBLE)`;
    return scale === 1 ? value : `${value} * ${scale}`;
  };
  const prices = PRICE_COLUMNS.map((name) => number(columns[name], name === 'volume' ? 1 : config.priceScale));
  return {
    from,
    ts: timeOf(columns.ts, types.get(columns.ts)!, zoneOf(config)),
    symbol: symbolOf(config),
    numbers: [...prices, ...Object.values(columns.extra).map((name) => number(name))],
    near: (range) => nearby(columns.ts, types.get(columns.ts)!, range),
  };
}

/** All columns of CSV files are text. */
export function tableOf(format: FilesSource['format'], files: readonly { path: string }[]): string {
  const paths = `[${files.map(({ path }) => literal(path)).join(', ')}]`;
  const shared = 'filename = true, hive_partitioning = true, hive_types_autocast = false, union_by_name = true';
  return format === 'parquet' ? `read_parquet(${paths}, ${shared})` : `read_csv(${paths}, header = true, all_varchar = true, ${shared})`;
}

function symbolOf({ columns, symbol }: FilesSource): string {
  if (symbol !== undefined) return literal(symbol);
  return columns.symbol === undefined ? 'parse_filename(filename, true)' : `CAST(${quoted(columns.symbol)} AS VARCHAR)`;
}

/** Of times that name none. Daily bars carry a date, wherever that day began. */
export function zoneOf({ timeframe, timeZone }: FilesSource): string {
  return timeframeMs(timeframe) >= DAY_MS ? 'UTC' : timeZone;
}

/** SQL for a column of this type as milliseconds since 1970, a double. `zone` is that of times that name none. */
export function timeOf(column: string, type: string, zone: string): string {
  const name = quoted(column);
  if (type === 'TIMESTAMP WITH TIME ZONE') return `epoch_ms(${name})::DOUBLE`;
  if (type.startsWith('TIMESTAMP') || type === 'DATE') {
    const time = `${name}::TIMESTAMP`;
    return `epoch_ms(${zone === 'UTC' ? time : `timezone(${literal(zone)}, ${time})`})::DOUBLE`;
  }
  if (/INT/.test(type)) return epochTime(`${name}::BIGINT`);
  return textTime(`trim(CAST(${name} AS VARCHAR))`, zone);
}

function nearby(column: string, type: string, { start, end }: TimeRange): string {
  if (!type.startsWith('TIMESTAMP') && type !== 'DATE') return 'true';
  const moment = (ms: number): string => literal(new Date(ms).toISOString());
  return [
    ...(Number.isFinite(start) ? [`${quoted(column)} >= ${moment(start - DAY_MS)}::${type}`] : []),
    ...(Number.isFinite(end) ? [`${quoted(column)} <= ${moment(end + DAY_MS)}::${type}`] : []),
    'true',
  ].join(' AND ');
}
