import { DAY_MS } from '../../engine/timeframes/local-time.ts';
import type { BigQuerySource, TimeType } from './config.ts';
import type { QueryParameter } from './parameters.ts';

/** A column or table in quotes. The configuration admits no name that could end them. */
export function quoted(...path: string[]): string {
  return `\`${path.join('.')}\``;
}

const EPOCH_PER_SECOND: Partial<Record<TimeType, bigint>> = {
  epoch_s: 1n,
  epoch_ms: 1_000n,
  epoch_us: 1_000_000n,
  epoch_ns: 1_000_000_000n,
};

/** SQL for what the time column of a table says. Zone names come from the configuration, which knows only those of IANA. */
export function timeOf({ columns, types, timeZone }: BigQuerySource) {
  const column = `t.${quoted(columns.ts)}`;
  const moment: Record<TimeType, string> = {
    TIMESTAMP: column,
    DATETIME: `TIMESTAMP(${column}, '${timeZone}')`,
    DATE: `TIMESTAMP(${column})`,
    epoch_s: `TIMESTAMP_SECONDS(${column})`,
    epoch_ms: `TIMESTAMP_MILLIS(${column})`,
    epoch_us: `TIMESTAMP_MICROS(${column})`,
    epoch_ns: `TIMESTAMP_MICROS(DIV(${column}, 1000))`,
  };
  const date = types.ts === 'DATE' ? column : types.ts === 'DATETIME' ? `DATE(${column})` : `DATE(${moment[types.ts]}, '${timeZone}')`;
  const midnight = types.ts === 'DATE' ? moment.DATE : `TIMESTAMP(${date}, '${timeZone}')`;
  return {
    /** Milliseconds since 1970 at which a bar opens. */
    ms: `UNIX_MILLIS(${moment[types.ts]})`,
    /** Number of the local day since 1970-01-01. */
    day: `UNIX_DATE(${date})`,
    /** Milliseconds since 1970 at which that day began. */
    midnightMs: `UNIX_MILLIS(${midnight})`,
  };
}

/** Bounds without a range: a table may demand a filter on its partitions. */
const FIRST_MS = Date.UTC(1900, 0, 1);
const LAST_MS = Date.UTC(2200, 0, 1);

/** A half-open range in milliseconds as bounds on a raw column, so that partitions and blocks outside of it are not read. Wider by a day where local time is in play. */
export function pruningOf(column: string, type: TimeType, range: { start: number; end: number; margin: boolean }) {
  const margin = range.margin || type === 'DATE' || type === 'DATETIME' ? DAY_MS : 0;
  const name = column.toLowerCase();
  const bound = (side: string, ms: number): QueryParameter => ({ name: `${side}_${name}`, ...literal(type, ms) });
  const from = bound('from', Math.max(FIRST_MS, range.start - margin));
  const to = bound('to', Math.min(LAST_MS, range.end + margin));
  const quotedColumn = `t.${quoted(column)}`;
  return { condition: `${quotedColumn} >= @${from.name} AND ${quotedColumn} < @${to.name}`, parameters: [from, to] };
}

function literal(type: TimeType, ms: number): Pick<QueryParameter, 'type' | 'value'> {
  const iso = new Date(ms).toISOString();
  const perSecond = EPOCH_PER_SECOND[type];
  if (perSecond !== undefined) return { type: 'INT64', value: String(epochAt(ms, perSecond)) };
  if (type === 'DATE') return { type, value: iso.slice(0, 10) };
  if (type === 'DATETIME') return { type, value: iso.slice(0, 23).replace('T', ' ') };
  return { type: 'TIMESTAMP', value: iso };
}

/** The first whole unit that is not before a moment: both bounds then keep their meaning. */
function epochAt(ms: number, perSecond: bigint): bigint {
  return perSecond === 1n ? BigInt(Math.ceil(ms / 1000)) : (BigInt(ms) * perSecond) / 1000n;
}
