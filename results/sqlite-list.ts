import { fold } from './fold.ts';
import { labelsOf } from './labels.ts';
import type { RunQuery } from './runs.ts';
import { LIGHT_COLUMNS } from './sqlite-rows.ts';

interface Statement {
  sql: string;
  values: (string | number)[];
}

/** A condition and the values for its question marks. */
type Term = [condition: string, ...values: (string | number)[]];

const COLUMNS = LIGHT_COLUMNS.replace(/\w+/g, 'runs.$&');

/** The statement behind `list`, and (without an owner, and then without labels and batch) `listAll`. It walks an index in the order of the page, so that nothing is sorted. */
export function listStatement(owner: string | null, query: RunQuery): Statement {
  const [label, ...otherLabels] = labelsOf(query);
  // A label leads to few runs: with one, its table is walked and the runs are looked up, in the same order.
  const lead = label === undefined ? 'runs' : 'l';
  const runs = `runs INDEXED BY ${indexOf(owner, query)}`;
  const from =
    label === undefined
      ? runs
      : `run_labels l CROSS JOIN ${runs} ON (runs.owner, runs.created_at, runs.id) = (l.owner, l.created_at, l.id)`;
  const hasOther = `EXISTS (SELECT 1 FROM run_labels o WHERE (o.owner, o.label, o.created_at, o.id) = (l.owner, ?, l.created_at, l.id))`;
  const terms: Term[] = [
    ...(owner === null ? [] : [[`${lead}.owner = ?`, owner] satisfies Term]),
    ...(label === undefined ? [] : [['l.label = ?', label] satisfies Term]),
    ...otherLabels.map((other): Term => [hasOther, other]),
    ...rowTerms(query),
    ...timeTerms(query, lead),
  ];
  const direction = query.order === 'newest' ? 'DESC' : 'ASC';
  const where = terms.map(([condition]) => condition).join(' AND ') || 'TRUE';
  return {
    sql: `SELECT ${COLUMNS} FROM ${from} WHERE ${where} ORDER BY ${lead}.created_at ${direction}, ${lead}.id ${direction} LIMIT ?`,
    values: [...terms.flatMap(([, ...values]) => values), query.limit],
  };
}

/** The index that has the order of the page, and what is filtered by. */
function indexOf(owner: string | null, { batchId, text, symbol, tag }: RunQuery): string {
  if (owner === null) return 'runs_of_all';
  if (batchId !== undefined && symbol === undefined && tag === undefined) return 'runs_by_batch';
  return text === undefined ? 'runs_by_time' : 'runs_by_name';
}

function rowTerms({ kind, statuses, strategy, text, batchId }: RunQuery): Term[] {
  const terms: Term[] = [];
  if (kind !== undefined) terms.push(['runs.kind = ?', kind]);
  if (statuses !== undefined) terms.push([`runs.status IN (${statuses.map(() => '?').join(', ')})`, ...statuses]);
  if (strategy !== undefined) terms.push(['runs.strategy = ?', strategy]);
  if (batchId !== undefined) terms.push(['runs.batch_id = ?', batchId]);
  if (text !== undefined) terms.push(['instr(runs.name_folded, ?) > 0', fold(text)]);
  return terms;
}

function timeTerms({ createdFrom, createdTo, after, order }: RunQuery, lead: string): Term[] {
  const terms: Term[] = [];
  if (createdFrom !== undefined) terms.push([`${lead}.created_at >= ?`, createdFrom]);
  if (createdTo !== undefined) terms.push([`${lead}.created_at <= ?`, createdTo]);
  const beyond = order === 'newest' ? '<' : '>';
  if (after !== undefined) terms.push([`(${lead}.created_at, ${lead}.id) ${beyond} (?, ?)`, after.createdAt, after.id]);
  return terms;
}
