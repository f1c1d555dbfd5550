import type { CheckedSymbols, CoverageNote, SymbolCheck } from '../shared/source-notes.ts';
import type { SourceNoteStore } from './source-notes.ts';
import type { Connection } from './sqlite-connection.ts';
import { json, type SqliteRow } from './sqlite-rows.ts';

const KEEP_COVERAGE = `INSERT INTO source_coverages (source, version, coverage, at) VALUES (:source, :version, :coverage, :at)
  ON CONFLICT (source) DO UPDATE SET version = excluded.version, coverage = excluded.coverage, at = excluded.at WHERE excluded.at >= at`;

const KEEP_CHECK = `INSERT INTO symbol_checks (source, symbol, version, quality, at) VALUES (:source, :symbol, :version, :quality, :at)
  ON CONFLICT (source, symbol) DO UPDATE SET version = excluded.version, quality = excluded.quality, at = excluded.at WHERE excluded.at >= at`;

const CHECKED = `SELECT source, version, count(*) AS symbols, total(json_array_length(quality, '$.findings') > 0) AS flawed, max(at) AS at
  FROM symbol_checks GROUP BY source, version ORDER BY source`;

interface Transactions {
  read: <T>(statements: () => T) => Promise<T>;
  write: <T>(statements: () => T) => Promise<T>;
}

/** What of a store is about the sources of everyone. */
export function sourceNoteIntents(connection: Connection, { read, write }: Transactions): SourceNoteStore {
  return {
    keepCoverage: async ({ coverage, ...note }) => {
      await write(() => connection.run(KEEP_COVERAGE, { ...note, coverage: JSON.stringify(coverage) }));
    },
    keepChecks: (checks) =>
      write(() => {
        for (const { quality, ...check } of checks) connection.run(KEEP_CHECK, { ...check, quality: JSON.stringify(quality) });
      }),
    sourceNotes: () =>
      read(() => ({
        coverages: connection
          .all('SELECT * FROM source_coverages ORDER BY source')
          .map((row) => ({ ...row, coverage: json(row['coverage']) }) as CoverageNote),
        checked: connection.all(CHECKED).map((row) => ({ ...row }) as unknown as CheckedSymbols),
      })),
    symbolChecks: (source, version) =>
      read(() =>
        connection.all('SELECT * FROM symbol_checks WHERE source = ? AND version = ? ORDER BY symbol', source, version).map(toCheck),
      ),
  };
}

function toCheck(row: SqliteRow): SymbolCheck {
  return { ...row, quality: json(row['quality']) } as unknown as SymbolCheck;
}
