import { PRICE_COLUMNS } from '../../shared/bars.ts';
import type { Fault } from '../../shared/errors.ts';

/** The columns of an uploaded table, by what they are; names as in the file. */
export interface UploadColumns {
  ts: string;
  symbol: string | null;
  /** Prices and volume, then further ones; `name` is that of an expression. */
  numbers: { name: string; column: string }[];
}

/** Of the user's own, and those that there have to be, with `symbol`. */
const MOST_COLUMNS = 100 + 7;

/** What is wrong with this many columns. */
export function columnCountFaults(count: number): Fault[] {
  if (count <= MOST_COLUMNS) return [];
  return [{ path: 'header', message: `there are ${count} columns, and ${MOST_COLUMNS} at most are stored: leave out what no rule needs` }];
}

/** What the columns of a file are; every fault at once. `symbol`: that of all bars, where no column says it. */
export function uploadColumns(names: readonly string[], symbol: string | undefined): { columns: UploadColumns; faults: Fault[] } {
  const tooMany = columnCountFaults(names.length);
  if (tooMany.length > 0) return { columns: { ts: 'ts', symbol: null, numbers: [] }, faults: tooMany };
  const known = new Map(names.map((name) => [name.toLowerCase(), name]));
  const own = ['ts', ...PRICE_COLUMNS];
  const missing = own.filter((name) => !known.has(name));
  const further = names.filter((name) => ![...own, 'symbol'].includes(name.toLowerCase()));
  const isTwice = (name: string, at: number) => names.findIndex((other) => other.toLowerCase() === name.toLowerCase()) < at;
  const twice = [...new Set(names.filter(isTwice))].slice(0, 10);
  const unfit = further.filter((name) => !/^[A-Za-z][A-Za-z0-9_]{0,63}$/.test(name)).slice(0, 10);
  const messages = [
    ...missing.map((name) => `the column "${name}" is missing: a header is ts,open,high,low,close,volume, then any numbers of your own`),
    ...twice.map((name) => `the column "${shown(name)}" is there twice`),
    ...unfit.map((name) => `"${shown(name)}" is not a name for expressions: begin with a letter, then letters, digits and _, at most 64`),
    ...(!known.has('symbol') && symbol === undefined
      ? ['there is no column "symbol": add it, or name the only symbol in the address (?symbol=)']
      : []),
  ];
  const numbers = [...PRICE_COLUMNS, ...further].map((name) => ({ name, column: known.get(name) ?? name }));
  return {
    columns: { ts: known.get('ts') ?? 'ts', symbol: known.get('symbol') ?? null, numbers },
    faults: messages.map((message) => ({ path: 'header', message })),
  };
}

function shown(name: string): string {
  return name.length > 40 ? `${name.slice(0, 40)}…` : name;
}
