import { toColumns } from './columns.ts';
import type { ScanStore } from './scans.ts';
import type { Call } from './supabase-calls.ts';

/** What of a store is about metered sources. */
export function scanIntents(call: Call): ScanStore {
  return { bookScan: (booking) => call('book_scan', toColumns(booking)) };
}
