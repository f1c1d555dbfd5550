import { HoldfastError } from '../../shared/errors.ts';
import type { Reading } from '../source.ts';
import type { BigQuerySource } from './config.ts';

/** How far back BigQuery can show a table as it was. */
const TIME_TRAVEL_MS = 7 * 86_400_000;
/** The server's clock may be behind, and it knows no future. */
const CLOCK_MARGIN_MS = 1_000;

/** The clause that reads a table as it was at a time (ms); none for null. */
export function asOf(snapshot: number | null): string {
  return snapshot === null ? '' : ` FOR SYSTEM_TIME AS OF TIMESTAMP_MILLIS(${snapshot})`;
}

export function isTooOld({ at }: Pick<Reading, 'at'>): boolean {
  return at < Date.now() - TIME_TRAVEL_MS;
}

export function warn({ name }: Pick<BigQuerySource, 'name'>, text: string): void {
  process.emitWarning(`The source "${name}" ${text}`, 'BigQueryWarning');
}

/** Does it with the time at which all tries of a reading see their tables; with null where that cannot be. */
export async function atSnapshot<Value>(
  config: BigQuerySource,
  reading: Pick<Reading, 'at'>,
  work: (snapshot: number | null) => Promise<Value>,
): Promise<Value> {
  if (!config.snapshot || isTooOld(reading)) return work(null);
  try {
    return await work(reading.at - CLOCK_MARGIN_MS);
  } catch (error) {
    if (!refusesSnapshots(error)) throw error;
    warn(config, `is read as it is now, since it cannot be read as it was ("snapshot": false says so at once): ${error.message}`);
    return work(null);
  }
}

/** Views, external tables and some servers know no state but the latest. */
function refusesSnapshots(error: unknown): error is HoldfastError {
  return error instanceof HoldfastError && error.code === 'source_refused' && /SYSTEM[_ ]TIME/i.test(error.message);
}
