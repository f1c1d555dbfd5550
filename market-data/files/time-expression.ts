import { literal } from './table-session.ts';

/** SQL for a text as milliseconds since 1970 UTC (a double); NULL for what is no time. `zone` is that of times that name none. */
export function textTime(text: string, zone = 'UTC'): string {
  const digits = `TRY_CAST(${text} AS BIGINT)`;
  return `CASE
    WHEN regexp_full_match(${text}, '[12][0-9]{7}') THEN epoch_ms(TRY_STRPTIME(${text}, '%Y%m%d'))::DOUBLE
    WHEN regexp_full_match(${text}, '-?[0-9]{1,19}') THEN ${epochTime(digits)}
    WHEN regexp_matches(${text}, '^[0-9]{4}-.*[0-9](Z|[+-][0-9]{2}(:?[0-9]{2})?)$') AND regexp_matches(${text}, ':')
      THEN epoch_ms(TRY_CAST(${text} AS TIMESTAMPTZ))::DOUBLE
    WHEN regexp_matches(${text}, '^[0-9]{4}-') THEN epoch_ms(timezone(${literal(zone)}, TRY_CAST(${text} AS TIMESTAMP)))::DOUBLE
  END`;
}

/** SQL for a whole number of seconds, milliseconds, micro- or nanoseconds since 1970, told apart by its size, as milliseconds. */
export function epochTime(number: string): string {
  return `CASE
    WHEN abs(${number}) < 100000000000 THEN ${number}::DOUBLE * 1000
    WHEN abs(${number}) < 100000000000000 THEN ${number}::DOUBLE
    WHEN abs(${number}) < 100000000000000000 THEN (${number} // 1000)::DOUBLE
    ELSE (${number} // 1000000)::DOUBLE
  END`;
}
