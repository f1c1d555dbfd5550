import type { TrialTables, WriteTrials } from '../../artifacts/trial-tables.ts';
import type { ArtifactRef } from '../../shared/artifact.ts';
import type { MetricName } from '../../shared/metrics.ts';
import type { Params } from '../../shared/strategy.ts';
import { trialKey } from './trial-family.ts';

/** Tables that a thread keeps decoded: those of a sweep on its way. */
const KEPT = 64;

const KEYS = ['key1', 'key2'] as const;
type Column = MetricName | (typeof KEYS)[number];
type Table = Readonly<Record<Column, Float64Array>>;
export type Figures = Partial<Record<MetricName, Float64Array>>;

const columnsOf = (figures: readonly MetricName[]): Column[] => [...KEYS, ...figures];

/** Trials that were computed before, in tables that are sorted by the names of the trials. */
export function createKnownTrials(tables: Pick<TrialTables, 'read'>) {
  // A Map keeps insertion order: the first is the least recently used one.
  const kept = new Map<string, Promise<Table>>();

  function read(ref: ArtifactRef, figures: readonly MetricName[]): Promise<Table> {
    const table = kept.get(ref.sha256) ?? (tables.read([ref], columnsOf(figures)) as Promise<Table>);
    kept.delete(ref.sha256);
    kept.set(ref.sha256, table);
    if (kept.size > KEPT) kept.delete(kept.keys().next().value!);
    table.catch(() => kept.delete(ref.sha256));
    return table;
  }

  /** Puts the figures of known trials into `into`, and answers which of them are known. */
  async function lookUp(
    trials: readonly Params[],
    { refs, figures, into }: { refs: readonly ArtifactRef[]; figures: readonly MetricName[]; into: Figures },
  ): Promise<Uint8Array> {
    const known = new Uint8Array(trials.length);
    if (refs.length === 0) return known;
    const all = await Promise.all(refs.map((ref) => read(ref, figures)));
    trials.forEach((params, trial) => {
      const key = trialKey(params);
      for (const table of all) {
        const row = find(table, key);
        if (row < 0) continue;
        for (const figure of figures) into[figure]![trial] = table[figure][row]!;
        known[trial] = 1;
        return;
      }
    });
    return known;
  }

  return { read, lookUp };
}

export type KnownTrials = ReturnType<typeof createKnownTrials>;

/** Writes those of the trials that are not `known` as a table of their own. */
export async function writeKnown(
  write: WriteTrials,
  scope: string,
  { trials, known, figures }: { trials: readonly Params[]; known: Uint8Array; figures: Figures },
): Promise<ArtifactRef | null> {
  const names = Object.keys(figures) as MetricName[];
  const fresh = trials.flatMap((params, trial) => (known[trial] === 1 ? [] : [{ trial, key: trialKey(params) }]));
  if (fresh.length === 0) return null;
  fresh.sort((a, b) => a.key[0] - b.key[0] || a.key[1] - b.key[1]);
  const columns = {
    key1: Float64Array.from(fresh, ({ key }) => key[0]),
    key2: Float64Array.from(fresh, ({ key }) => key[1]),
    ...Object.fromEntries(names.map((name) => [name, Float64Array.from(fresh, ({ trial }) => figures[name]![trial]!)])),
  } as Record<Column, Float64Array>;
  return write(scope, columnsOf(names), columns);
}

/** One table of all rows of several; a trial that is in more than one of them counts once. */
export async function mergeKnown(
  { read }: Pick<KnownTrials, 'read'>,
  write: WriteTrials,
  { scope, refs, figures }: { scope: string; refs: readonly ArtifactRef[]; figures: readonly MetricName[] },
): Promise<ArtifactRef> {
  const tables = await Promise.all(refs.map((ref) => read(ref, figures)));
  const rows = tables.flatMap((table) => Array.from(table.key1, (_, row) => ({ table, row })));
  rows.sort((a, b) => compare(a.table, a.row, keyAt(b.table, b.row)));
  const distinct = rows.filter(({ table, row }, i) => i === 0 || compare(rows[i - 1]!.table, rows[i - 1]!.row, keyAt(table, row)) !== 0);
  const names = columnsOf(figures);
  const columns = Object.fromEntries(names.map((name) => [name, Float64Array.from(distinct, ({ table, row }) => table[name][row]!)]));
  return write(scope, names, columns as Record<Column, Float64Array>);
}

type Key = readonly [number, number];

const keyAt = ({ key1, key2 }: Table, row: number): Key => [key1[row]!, key2[row]!];

function compare({ key1, key2 }: Table, row: number, [first, second]: Key): number {
  return key1[row]! - first || key2[row]! - second;
}

/** The row of a key, or -1. */
function find(table: Table, key: Key): number {
  let low = 0;
  let high = table.key1.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const order = compare(table, middle, key);
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
