import * as z from 'zod';
import type { Fault } from '../shared/errors.ts';
import { HoldfastError } from '../shared/errors.ts';
import { MAX_EXPRESSION } from '../shared/rules.ts';
import { readFormula, type Formula } from '../strategies/sweep/formula.ts';
import type { TrialColumn } from '../strategies/sweep/trial-columns.ts';
import { unknownName } from '../strategies/check-params.ts';
import type { Table } from './stream-table.ts';
import { Format } from './table-answer.ts';

const MOST_AS_JSON = 1_000;

export const TrialQuery = z.strictObject({
  sort: z.string().min(1).max(70).default('rank').describe('A column; with - before it from the highest to the lowest'),
  filter: z.string().min(1).max(MAX_EXPRESSION).optional().describe('Condition between columns: trades > 30 && fast < 20'),
  limit: z.coerce.number().int().min(1).max(1_000_000).optional().describe('As JSON 50 without it, and 1,000 at most; else all'),
  cursor: z.string().max(200).optional().describe('nextCursor of the page before'),
  format: Format,
});
export type TrialQuery = z.infer<typeof TrialQuery>;

export interface TrialPage {
  /** Rows of the page, in its order. */
  rows: number[];
  /** Rows that pass the filter. */
  total: number;
  nextCursor: string | null;
}

/** The rows that are asked for. A page begins behind the trial of its cursor, whatever was added meanwhile. Fails with `invalid_request`, naming every fault. */
export function pageOf(columns: readonly TrialColumn[], query: TrialQuery): TrialPage {
  const { sort, order, filter, after } = read(columns, query);
  const all = [...sort.keys()].filter((row) => filter === null || filter.of(valuesAt(columns, filter.names, row)) === true);
  const trial = columns.find(({ name }) => name === 'trial')!.values;
  const compare = (a: Place, b: Place): number => order * below(a.value, b.value) || a.trial - b.trial;
  const placeOf = (row: number): Place => ({ value: sort[row]!, trial: trial[row]! });
  const sorted = all.sort((a, b) => compare(placeOf(a), placeOf(b)));
  const start = after === null ? 0 : sorted.findIndex((row) => compare(placeOf(row), after) > 0);
  const limit = query.format === 'json' ? Math.min(query.limit ?? 50, MOST_AS_JSON) : (query.limit ?? Infinity);
  const rows = start < 0 ? [] : sorted.slice(start, start + limit);
  const last = rows.at(-1);
  const isMore = last !== undefined && last !== sorted.at(-1);
  return { rows, total: all.length, nextCursor: isMore ? encode(placeOf(last)) : null };
}

/** Rows of the columns as a table to be sent. */
export function tableOf(columns: readonly TrialColumn[], rows: readonly number[]): Table {
  return {
    rows: rows.length,
    columns: columns.map(({ name, values, words }) => {
      const own = Float64Array.from(rows, (row) => values[row]!);
      return words === null ? { name, kind: 'number', values: own } : { name, kind: 'word', codes: own, words };
    }),
  };
}

interface Place {
  value: number;
  trial: number;
}

/** What is undefined comes last, from either end. */
function below(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) === Number.isNaN(b) ? 0 : Infinity;
  return a - b;
}

interface Wanted {
  sort: Float64Array;
  order: 1 | -1;
  filter: Formula | null;
  after: Place | null;
}

function read(columns: readonly TrialColumn[], { sort, filter, cursor }: TrialQuery): Wanted {
  const faults: Fault[] = [];
  const names = columns.map(({ name }) => name);
  const wanted = sort.replace(/^-/, '');
  const column = columns.find(({ name }) => name === wanted);
  if (column === undefined) faults.push({ path: 'sort', message: unknownName(wanted, names) });
  const condition = filter === undefined ? { formula: null, faults: [] } : readFormula(filter, names, 'filter');
  faults.push(...condition.faults);
  const after = cursor === undefined ? null : (decode(cursor) ?? null);
  if (cursor !== undefined && after === null)
    faults.push({ path: 'cursor', message: 'is not a cursor of this list: take nextCursor of an earlier page' });
  if (faults.length > 0) throw new HoldfastError('invalid_request', 'Correct what "errors" lists and send the request again.', { faults });
  return { sort: column!.values, order: sort.startsWith('-') ? -1 : 1, filter: condition.formula, after };
}

function valuesAt(columns: readonly TrialColumn[], names: readonly string[], row: number): Record<string, number | string> {
  return Object.fromEntries(
    columns
      .filter(({ name }) => names.includes(name))
      .map(({ name, values, words }) => [name, words === null ? values[row]! : words[values[row]!]!]),
  );
}

const Encoded = z.tuple([z.number().nullable(), z.int()]);

function encode({ value, trial }: Place): string {
  return Buffer.from(JSON.stringify([value, trial])).toString('base64url');
}

/** Undefined for a text that is none. */
function decode(cursor: string): Place | undefined {
  try {
    const [value, trial] = Encoded.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
    return { value: value ?? NaN, trial };
  } catch {
    return undefined;
  }
}
