import { TERMINAL_STATUSES, isTerminal, type RunKind, type RunRequest } from '../shared/names.ts';
import { foldName } from './fold.ts';
import { tagLabel } from './labels.ts';
import type { FullRunRow } from './runs.ts';
import { noteChange } from './sqlite-changes.ts';
import type { Connection } from './sqlite-connection.ts';
import { FULL_COLUMNS, toFullRunRow } from './sqlite-rows.ts';
import { addLabels } from './sqlite-submit.ts';
import type { ResultStore } from './store.ts';

const IS_FINISHED = `status IN (${TERMINAL_STATUSES.map((status) => `'${status}'`).join(', ')})`;
const ONE = 'id = :id AND owner = :owner AND kind = :kind';

/** A pause or resume that comes after a cancel does not replace it. */
const REQUEST = `UPDATE runs SET requested = :request, version = version + 1 WHERE ${ONE} AND NOT (${IS_FINISHED})
  AND requested IS NOT :request AND (:request IS NULL OR requested IS NOT 'cancel')`;

const REMOVE = `DELETE FROM runs WHERE ${ONE} AND ${IS_FINISHED}`;

const UPDATE = 'UPDATE runs SET name = :name, name_folded = :folded, tags = :tags, spec = :spec, version = version + 1 WHERE id = :id';

interface Transactions {
  read: <T>(statements: () => T) => Promise<T>;
  write: <T>(statements: () => T) => Promise<T>;
}

interface One {
  owner: string;
  id: string;
  kind: RunKind;
}

type Change = Parameters<ResultStore['update']>[2];

/** What of a store is about one run. */
export function oneRunIntents(
  connection: Connection,
  { read, write }: Transactions,
): Pick<ResultStore, 'get' | 'request' | 'update' | 'remove'> {
  return {
    get: (owner, id, kind = 'backtest' as never) => read(() => get(connection, { owner, id, kind })),
    request: (owner, id, wanted, kind = 'backtest' as never) => write(() => request(connection, { owner, id, kind }, wanted)),
    update: (owner, id, change, kind = 'backtest' as never) => write(() => update(connection, { owner, id, kind }, change)),
    remove: (owner, id, kind = 'backtest') => write(() => connection.run(REMOVE, { owner, id, kind }) > 0),
  };
}

function get<Kind extends RunKind>(connection: Connection, { owner, id, kind }: One): FullRunRow<Kind> | null {
  const row = connection.one(`SELECT ${FULL_COLUMNS} FROM runs WHERE id = ? AND owner = ? AND kind = ?`, id, owner, kind);
  return row ? toFullRunRow<Kind>(row) : null;
}

/** To be called in a transaction, as is the next. */
function request<Kind extends RunKind>(connection: Connection, one: One, wanted: RunRequest | null): FullRunRow<Kind> | null {
  if (connection.run(REQUEST, { ...one, request: wanted }) > 0) noteChange(connection, one.id);
  const run = get<Kind>(connection, one);
  return run && isTerminal(run.status) ? null : run;
}

function update<Kind extends RunKind>(connection: Connection, one: One, { name, tags, priority }: Change): FullRunRow<Kind> | null {
  const run = get<Kind>(connection, one);
  if (!run) return null;
  const changed = { name: name ?? run.name, tags: tags ?? run.tags };
  const spec = JSON.stringify({ ...run.spec, ...(priority !== undefined && { priority }) });
  connection.run(UPDATE, { id: run.id, name: changed.name, folded: foldName(changed.name), tags: JSON.stringify(changed.tags), spec });
  connection.run(`DELETE FROM run_labels WHERE id = :id AND label GLOB '${tagLabel('*')}'`, { id: run.id });
  addLabels(connection, run, changed.tags.map(tagLabel));
  return get(connection, one);
}
