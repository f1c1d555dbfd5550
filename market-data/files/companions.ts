import type { FileCache } from '../../artifacts/file-cache.ts';
import { HoldfastError } from '../../shared/errors.ts';
import { actionsOf, type ActionRow } from '../companions/actions.ts';
import { LAST_TIME } from '../range.ts';
import type { BarSource, UniverseMember } from '../source.ts';
import type { FilesSource } from './config.ts';
import { revisionOf } from './list-files.ts';
import { openFileStorage } from './open-storage.ts';
import { readTable } from './read-table.ts';

type UniverseTable = NonNullable<FilesSource['universes']>[string];
interface ActionTable {
  path: string;
  format: FilesSource['format'];
  columns: { symbol: string; date: string };
}

/** Splits, dividends and members from files beside the bars, and what changes with those files. */
export function createFileCompanions(config: FilesSource, cache: FileCache) {
  const { name: source, splits, dividends, universes = {}, endpoint, region } = config;
  const tables = [splits, dividends, ...Object.values(universes)].filter((table) => table !== undefined);
  const storages = new Map(
    tables.map((table) => [table as object, openFileStorage({ source, path: table.path, format: table.format, endpoint, region }, cache)]),
  );
  const known = new Map<string, { revision: string; members: UniverseMember[] }>();

  async function actionRows(
    table: ActionTable | undefined,
    { value, symbols }: { value: string | undefined; symbols: readonly string[] },
    signal: AbortSignal,
  ): Promise<ActionRow[]> {
    if (table === undefined) return [];
    const storage = storages.get(table)!;
    const { format, columns } = table;
    const wanted = {
      symbol: { column: columns.symbol, kind: 'text' },
      day: { column: columns.date, kind: 'day' },
      value: { column: value!, kind: 'number' },
    } as const;
    const where = { column: columns.symbol, values: symbols };
    const rows = await readTable(storage, await storage.list(), { source, format, columns: wanted, where }, signal);
    return rows
      .filter((row) => row['value'] !== null)
      .map((row) => ({ symbol: String(row['symbol']), day: msOf(row['day']) ?? Number.NaN, value: Number(row['value']) }));
  }

  async function actions(symbols: readonly string[], signal: AbortSignal) {
    return actionsOf(source, {
      splits: await actionRows(splits, { value: splits?.columns.ratio, symbols }, signal),
      dividends: await actionRows(dividends, { value: dividends?.columns.amount, symbols }, signal),
    });
  }

  async function universe(name: string, signal: AbortSignal): Promise<readonly UniverseMember[]> {
    const table = universes[name];
    if (table === undefined) throw new HoldfastError('not_found', `"${name}" is not a universe of "${source}".`);
    const storage = storages.get(table)!;
    const files = await storage.list();
    const revision = revisionOf(files);
    const before = known.get(name);
    if (before?.revision === revision) return before.members;
    const { format, only } = table;
    const where = only && { column: only.column, values: [only.value] };
    const rows = await readTable(storage, files, { source, format, columns: memberColumns(table), where }, signal);
    const members = rows
      .filter((row) => row['symbol'] !== null)
      .map((row) => ({ symbol: String(row['symbol']), from: msOf(row['from']) ?? -LAST_TIME, to: msOf(row['to']) ?? Infinity }));
    known.set(name, { revision, members });
    return members;
  }

  const answers: Pick<BarSource, 'actions' | 'universe'> = {
    ...((splits ?? dividends) && { actions }),
    ...(config.universes && { universe }),
  };
  return { answers, revisions: () => Promise.all([...storages.values()].map(async (storage) => revisionOf(await storage.list()))) };
}

function memberColumns({ columns }: UniverseTable) {
  return {
    symbol: { column: columns.symbol, kind: 'text' },
    from: { column: columns.from, kind: 'day' },
    to: { column: columns.to, kind: 'day' },
  } as const;
}

function msOf(value: string | number | boolean | null | undefined): number | null {
  return value === null || value === undefined ? null : Number(value);
}
