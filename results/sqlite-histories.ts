import type { ArtifactRef } from '../shared/artifact.ts';
import type { EndedRun, HistoryStore } from './histories.ts';
import type { Connection } from './sqlite-connection.ts';
import { json, toColumn } from './sqlite-rows.ts';

const WITHOUT = `SELECT r.id, r.kind, r.owner, r.finished_at FROM runs r
  LEFT JOIN run_histories h ON h.run_id = r.id AND h.finished_at = r.finished_at
  WHERE r.finished_at > ? AND r.finished_at IS NOT NULL AND r.batch_id IS NULL AND h.run_id IS NULL ORDER BY r.finished_at, r.id LIMIT ?`;

const KEEP = `INSERT OR REPLACE INTO run_histories (run_id, owner, finished_at, ref)
  SELECT id, owner, :finishedAt, :ref FROM runs WHERE id = :runId`;

interface Transactions {
  read: <T>(statements: () => T) => Promise<T>;
  write: <T>(statements: () => T) => Promise<T>;
}

/** What of a store is about histories. */
export function historyIntents(connection: Connection, { read, write }: Transactions): HistoryStore {
  return {
    withoutHistory: (finishedAfter, limit) =>
      read(() =>
        connection
          .all(WITHOUT, finishedAfter, limit)
          .map((row) => ({ runId: row['id'], kind: row['kind'], owner: row['owner'], finishedAt: row['finished_at'] }) as EndedRun),
      ),
    keepHistory: ({ runId, finishedAt }, ref) => write(() => void connection.run(KEEP, { runId, finishedAt, ref: toColumn(ref) })),
    historyOf: (owner, runId) =>
      read(() => {
        const row = connection.one('SELECT ref FROM run_histories WHERE run_id = ? AND owner = ?', runId, owner);
        return json(row?.['ref']) as ArtifactRef | null;
      }),
  };
}
