/** A table of the API as columns. */
export interface ColumnTable<Name extends string = string> {
  columns: Record<Name, (number | string | null)[]>;
  rows: number;
}

/** Times of a column in ms. */
export function timesOf(column: readonly (number | string | null)[]): Float64Array {
  return Float64Array.from(column, (text) => Date.parse(String(text)));
}

/** Numbers of a column; NaN where there is none. */
export function numbersOf(column: readonly (number | string | null)[]): Float64Array {
  return Float64Array.from(column, (value) => (typeof value === 'number' ? value : NaN));
}

/** The rows of a table as objects. */
export function rowsOf<Row>({ columns, rows }: ColumnTable): Row[] {
  const entries = Object.entries(columns);
  return Array.from({ length: rows }, (_, row) => Object.fromEntries(entries.map(([name, values]) => [name, values[row]])) as Row);
}

/** Text of a file with a line for each row, as spreadsheets read it. */
export function toCsv(names: readonly string[], rows: readonly Readonly<Record<string, unknown>>[]): string {
  const cell = (value: unknown): string => {
    const text = value === null || value === undefined ? '' : String(value as string | number);
    return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return [names.join(','), ...rows.map((row) => names.map((name) => cell(row[name])).join(','))].join('\n');
}
