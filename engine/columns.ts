export type Columns<Name extends string> = Record<Name, Float64Array>;

/** Rows as columns that grow at their end. Public arrays, because the simulation's innermost loops write to them. */
export interface ColumnLog<Name extends string> {
  /** Rows in use. */
  length: number;
  /** Length of the columns. */
  capacity: number;
  columns: Columns<Name>;
}

/** {@link takeRows} or {@link lendRows}. */
export type TakeRows = <Name extends string>(log: ColumnLog<Name>) => Columns<Name>;

export function createColumnLog<Name extends string>(names: readonly Name[]): ColumnLog<Name> {
  return { length: 0, capacity: 0, columns: mapColumns(names, () => new Float64Array(0)) };
}

/** Makes room for `count` more rows. */
export function reserve<Name extends string>(log: ColumnLog<Name>, count: number): void {
  // Apart from what grows: that has a closure, whose memory would be made at every call.
  if (log.length + count > log.capacity) grow(log, log.length + count);
}

/** By half at least, so that many small steps cost no more than one large one. */
function grow<Name extends string>(log: ColumnLog<Name>, needed: number): void {
  const capacity = Math.max(needed, Math.ceil(log.capacity * 1.5));
  log.columns = mapColumns(namesOf(log), (name) => grown(log.columns[name], capacity));
  log.capacity = capacity;
}

/** Copies the rows of a block to the end. */
export function appendRows<Name extends string>(log: ColumnLog<Name>, block: Columns<Name>): void {
  const names = namesOf(log);
  const count = block[names[0]!].length;
  reserve(log, count);
  for (const name of names) log.columns[name].set(block[name], log.length);
  log.length += count;
}

/** Hands the rows over and starts afresh: the arrays belong to the caller from here on. */
export function takeRows<Name extends string>(log: ColumnLog<Name>): Columns<Name> {
  const { columns, length } = log;
  const names = namesOf(log);
  Object.assign(log, createColumnLog(names));
  return mapColumns(names, (name) => columns[name].subarray(0, length));
}

/** Lends the rows and starts afresh in the same arrays: they are good until the next row is appended. */
export function lendRows<Name extends string>(log: ColumnLog<Name>): Columns<Name> {
  const { columns, length } = log;
  log.length = 0;
  return mapColumns(namesOf(log), (name) => columns[name].subarray(0, length));
}

function namesOf<Name extends string>(log: ColumnLog<Name>): Name[] {
  return Object.keys(log.columns) as Name[];
}

function mapColumns<Name extends string>(names: readonly Name[], of: (name: Name) => Float64Array): Columns<Name> {
  return Object.fromEntries(names.map((name) => [name, of(name)])) as Columns<Name>;
}

function grown(column: Float64Array, capacity: number): Float64Array {
  const larger = new Float64Array(capacity);
  larger.set(column);
  return larger;
}
