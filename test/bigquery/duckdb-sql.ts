/** A query parameter as the jobs API takes it. */
export interface ParameterJson {
  name: string;
  parameterType: { type: string; arrayType?: { type: string } };
  parameterValue: { value?: string; arrayValues?: { value: string }[] };
}

/** What DuckDB lacks of the functions that the product's queries use. */
export const FUNCTIONS = `
  SET TimeZone = 'UTC';
  CREATE MACRO unix_millis(t) AS epoch_ms(t);
  CREATE MACRO unix_date(d) AS CAST(d - DATE '1970-01-01' AS BIGINT);
  CREATE MACRO timestamp_seconds(n) AS to_timestamp(n);
  CREATE MACRO timestamp_millis(n) AS make_timestamptz(n * 1000);
  CREATE MACRO timestamp_micros(n) AS make_timestamptz(n);
  CREATE MACRO div(a, b) AS a // b;
  CREATE MACRO logical_and(x) AS bool_and(x);
  CREATE MACRO bq_date(t) AS CAST(t AS DATE), (t, zone) AS CAST(timezone(zone, t) AS DATE);
  CREATE MACRO bq_timestamp(t) AS timezone('UTC', CAST(t AS TIMESTAMP)), (t, zone) AS timezone(zone, CAST(t AS TIMESTAMP));
`;

/** The fixed queries of the product in DuckDB's words; other queries of BigQuery are beyond it. */
export function toDuckDb(text: string, parameters: readonly ParameterJson[]): string {
  const literals = new Map(parameters.map((parameter) => [parameter.name, literalOf(parameter)]));
  return text
    .replaceAll(/ FOR SYSTEM_TIME AS OF TIMESTAMP_MILLIS\(\d+\)/g, '')
    .replaceAll(
      /JOIN UNNEST\(@(\w+)\) AS wanted WITH OFFSET AS wanted_offset/g,
      'JOIN (SELECT unnest(@$1) AS wanted, unnest(range(len(@$1))) AS wanted_offset)',
    )
    .replaceAll(/IN UNNEST\(@(\w+)\)/g, 'IN (SELECT unnest(@$1))')
    .replaceAll(/(?<![\w])TIMESTAMP\(/g, 'bq_timestamp(')
    .replaceAll(/(?<![\w])DATE\(/g, 'bq_date(')
    .replaceAll(/\bFLOAT64\b/g, 'DOUBLE')
    .replaceAll(/\bINT64\b/g, 'BIGINT')
    .replaceAll(/\bSTRING\b/g, 'VARCHAR')
    .replaceAll('`', '"')
    .replaceAll(/@(\w+)/g, (_, name: string) => literals.get(name) ?? fail(name));
}

function literalOf({ parameterType, parameterValue }: ParameterJson): string {
  const { value, arrayValues } = parameterValue;
  if (arrayValues) return `[${arrayValues.map((each) => text(each.value)).join(', ')}]`;
  const types: Record<string, string> = { TIMESTAMP: 'TIMESTAMPTZ', DATETIME: 'TIMESTAMP', DATE: 'DATE' };
  if (parameterType.type === 'INT64') return `CAST(${BigInt(value!)} AS BIGINT)`;
  return `${types[parameterType.type] ?? ''} ${text(value!)}`;
}

function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

function fail(name: string): never {
  throw new Error(`Query parameter '${name}' not found`);
}
