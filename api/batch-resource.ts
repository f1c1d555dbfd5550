import type { BatchRow } from '../results/batches.ts';
import type { Batch } from '../shared/batch.ts';
import { TERMINAL_STATUSES, batchPathOf } from '../shared/names.ts';
import type { Places } from './places.ts';
import { isoTime } from './run-resource.ts';

/** The row of a batch as its address shows it. */
export function toBatch(row: BatchRow, places: Places): Batch {
  const total = Object.values(row.items).reduce((sum, count) => sum + count, 0);
  const done = TERMINAL_STATUSES.reduce((sum, status) => sum + row.items[status], 0);
  const self = batchPathOf(row.id);
  return {
    id: row.id,
    name: row.name,
    status: row.status,
    requested: row.requested,
    owner: row.owner,
    items: row.items,
    progress: { fraction: total === 0 ? 1 : done / total, done, total, unit: 'items' },
    createdAt: isoTime(row.createdAt),
    startedAt: row.startedAt === null ? null : isoTime(row.startedAt),
    finishedAt: row.finishedAt === null ? null : isoTime(row.finishedAt),
    error: row.error,
    links: { self, items: `${self}/items`, temporal: places.temporal(row.id, 'batch'), page: places.page(row.id, 'batch') },
  };
}
