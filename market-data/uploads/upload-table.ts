import type { Fault } from '../../shared/errors.ts';
import { literal, quoted, TableError, type TableSession } from '../files/table-session.ts';
import { epochTime, textTime } from '../files/time-expression.ts';
import type { UploadColumns } from './upload-columns.ts';

/** Where the rows come from: SQL for the table, and the type of each of its columns. */
export interface RawTable {
  from: string;
  typeOf: (column: string) => string;
  /** SQL for the number of a row, as a person counts them. */
  line: string;
}

/** All columns are text: what is no number is then found with its line. */
export function csvTable(file: string, names: readonly string[]): RawTable {
  const columns = names.map((name) => `${literal(name)}: 'VARCHAR'`).join(', ');
  const options = `auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', max_line_size = 65536, parallel = false`;
  return {
    from: `read_csv(${literal(file)}, columns = {${columns}}, ${options})`,
    typeOf: () => 'VARCHAR',
    line: 'row_number() OVER () + 1',
  };
}

export function parquetTable(file: string, types: ReadonlyMap<string, string>): RawTable {
  // A window over the rows would write out what is stored once for all of them.
  const from = `read_parquet(${literal(file)}, binary_as_string = true, file_row_number = true)`;
  return { from, typeOf: (column) => types.get(column) ?? 'VARCHAR', line: 'file_row_number + 1' };
}

/** Columns that hold more than a number, a time or a text: writing one of them as text may take far more than the file. */
export function nestedFaults(types: ReadonlyMap<string, string>): Fault[] {
  return [...types]
    .filter(([, type]) => !PLAIN.test(type))
    .slice(0, 10)
    .map(([name, type]) => ({
      path: 'header',
      message: `"${name.slice(0, 40)}" has the type ${type.slice(0, 40)}: numbers, times and text are stored`,
    }));
}

const PLAIN =
  /^(VARCHAR|BOOLEAN|DATE|TIME|FLOAT|DOUBLE|DECIMAL\(\d+,\d+\)|U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|TIMESTAMP(_[A-Z]+)?( WITH TIME ZONE)?)$/;

/** No column of an upload is called so. */
const LINE = '"the line"';

interface Check {
  column: string;
  /** SQL that is true for a value that cannot be taken. */
  isBad: string;
  /** SQL for the value as text. */
  shown: string;
  what: string;
}

/** Makes the table `bars` (line, symbol, ts, c0, c1, …) of an uploaded one. Gives every fault by column, with the lines. */
export async function loadBars(session: TableSession, raw: RawTable, columns: UploadColumns, symbol: string | undefined): Promise<Fault[]> {
  const numbers = columns.numbers.map(({ column }) => numberOf(column, raw.typeOf(column)));
  const ts = timeOf(columns.ts, raw.typeOf(columns.ts));
  const name = columns.symbol === null ? literal(symbol!) : textOf(columns.symbol);
  const values = numbers.map((number, index) => `${number} AS c${index}`);
  const select = `SELECT ${raw.line} AS ${LINE}, * FROM ${raw.from}`;
  const checks = checksOf(columns, { ts, name, numbers });
  const isBad = checks.map((check) => check.isBad).join(' OR ');
  try {
    await session.rows(
      `CREATE TABLE bars AS SELECT ${LINE} AS line, ${name} AS symbol, ${ts} AS ts, ${values.join(', ')}, ${isBad} AS bad FROM (${select})`,
    );
    const [{ bad } = { bad: null }] = await session.rows('SELECT count(*) AS bad FROM bars WHERE bad');
    return Number(bad) === 0 ? [] : await badValues(session, select, checks);
  } catch (error) {
    if (error instanceof TableError) return [{ path: 'rows', message: plainWords(error.message) }];
    throw error;
  }
}

function numberOf(column: string, type: string): string {
  const cast = `TRY_CAST(${quoted(column)} AS DOUBLE)`;
  // TRY_CAST takes 1_000 for a number.
  return type === 'VARCHAR' ? `CASE WHEN contains(${quoted(column)}, '_') THEN NULL ELSE ${cast} END` : cast;
}

/** Characters: no symbol and no time is as long. A long one may be one value for all rows of a file, and would be written out for each. */
const MOST_SHOWN = 64;

function textOf(column: string): string {
  return `trim(left(CAST(${quoted(column)} AS VARCHAR), ${MOST_SHOWN}))`;
}

function timeOf(column: string, type: string): string {
  const name = quoted(column);
  if (type.startsWith('TIMESTAMP') || type === 'DATE') return `epoch_ms(${name}::TIMESTAMPTZ)::DOUBLE`;
  if (/^U?(BIG|SMALL|TINY|HUGE)?INT(EGER)?$/.test(type)) return epochTime(`${name}::BIGINT`);
  return textTime(textOf(column));
}

function checksOf(columns: UploadColumns, sql: { ts: string; name: string; numbers: string[] }): Check[] {
  const shown = (column: string): string => `left(CAST(${quoted(column)} AS VARCHAR), ${MOST_SHOWN})`;
  return [
    {
      column: columns.ts,
      isBad: `(${sql.ts}) IS NULL`,
      shown: shown(columns.ts),
      what: 'is not a time: write 2024-01-31, 2024-01-31T14:30:00Z, or a number since 1970',
    },
    ...(columns.symbol === null
      ? []
      : [
          {
            column: columns.symbol,
            isBad: `NOT coalesce(regexp_full_match(${sql.name}, '[A-Za-z0-9][A-Za-z0-9._/-]{0,31}'), false)`,
            shown: shown(columns.symbol),
            what: 'is not a symbol: letters, digits and . _ / - only, at most 32',
          },
        ]),
    ...columns.numbers.map(({ column, name }, index) => {
      const isNone = `(${sql.numbers[index]}) IS NULL`;
      // A number of the user's own may be missing; a price may not.
      const isBad =
        index < 5 ? `(${isNone} OR NOT isfinite(${sql.numbers[index]}))` : `(${isNone} AND coalesce(${shown(column)}, '') <> '')`;
      return {
        column: name,
        isBad,
        shown: shown(column),
        what: 'is not a number: write decimals with a point, and nothing between thousands',
      };
    }),
  ];
}

async function badValues(session: TableSession, select: string, checks: readonly Check[]): Promise<Fault[]> {
  const facts = checks.flatMap(({ isBad, shown }, index) => [
    `count(*) FILTER (WHERE ${isBad}) AS n${index}`,
    `min(${LINE}) FILTER (WHERE ${isBad}) AS l${index}`,
    `arg_min(coalesce(${shown}, ''), ${LINE}) FILTER (WHERE ${isBad}) AS v${index}`,
  ]);
  const [found = {}] = await session.rows(`SELECT ${facts.join(', ')} FROM (${select})`);
  return checks.flatMap(({ column, what }, index) => {
    const count = Number(found[`n${index}`]);
    if (count === 0) return [];
    const value = String(found[`v${index}`] ?? '');
    const written = value === '' ? 'nothing' : `"${value.length > 40 ? `${value.slice(0, 40)}…` : value}"`;
    const more = count === 1 ? '' : `; so are ${count - 1} more lines`;
    return [{ path: column, message: `line ${String(found[`l${index}`])}: ${written} ${what}${more}` }];
  });
}

/** The first lines of what the database says, which goes on with advice for those who wrote the query. */
function plainWords(message: string): string {
  const line = /Line: (\d+)/.exec(message)?.[1];
  const expected = /Expected Number of Columns: (\d+) Found: (\d+)/.exec(message);
  if (line !== undefined && expected !== null) return `line ${line} has ${expected[2]} columns, and the header ${expected[1]}`;
  if (line !== undefined && /[Qq]uote/.test(message)) return `line ${line}: a quote is opened and not closed, or stands within a value`;
  if (line !== undefined && /[Mm]aximum line size/.test(message)) return `line ${line} is longer than 65,536 bytes`;
  const [first = ''] = message.split('\n');
  return `${line === undefined ? '' : `line ${line}: `}the file could not be read: ${first.replace(/^[A-Z][A-Za-z ]+ Error: /, '')}`;
}
