import { DatabaseSync } from 'node:sqlite';
import { v7 as uuidv7 } from 'uuid';
import { createSqliteStore } from '../../results/sqlite.ts';
import { BATCH_LIMIT, EMBEDDED_OWNER } from '../../shared/names.ts';
import { Metrics, METRICS } from '../../shared/metrics.ts';
import { BacktestSpec } from '../../shared/spec.ts';

const SYMBOLS = ['AAPL', 'GOOG', 'IBM', 'MSFT'];
const STRATEGIES = ['sma-cross', 'rsi-reversion'];

/** Puts ended runs into the rows, all of one owner; one in fifty has failed, one in a hundred has the tag `rare`, one in two `common`. Gives the id of the last one. */
export async function writeManyRows(file: string, count: number): Promise<string> {
  const store = createSqliteStore({ file, sync: 'normal' });
  let last = '';
  for (let done = 0; done < count; done += BATCH_LIMIT) {
    const items = Array.from({ length: Math.min(BATCH_LIMIT, count - done) }, (_, k) => ({
      id: uuidv7(),
      spec: specOf(done + k),
      total: 100,
    }));
    last = items.at(-1)!.id;
    await store.submitBatch({ id: uuidv7(), owner: EMBEDDED_OWNER, name: 'B', items, idempotency: null });
  }
  store.close();
  end(file);
  return last;
}

function specOf(number: number): BacktestSpec {
  const tags = [number % 100 === 0 && 'rare', number % 2 === 0 && 'common'].filter((tag) => tag !== false);
  return BacktestSpec.parse({
    name: `Number ${number}`,
    tags,
    data: { source: 'sample', symbols: [SYMBOLS[number % SYMBOLS.length]] },
    strategy: { name: STRATEGIES[number % 100 === 7 ? 1 : 0] },
  });
}

/** As if each had run: with figures, which a list reads. */
function end(file: string): void {
  const db = new DatabaseSync(file);
  const figures = Object.keys(METRICS).map((name, k) => [name, name.startsWith('longest') || name === 'trades' ? k : Math.sin(k + 1)]);
  const metrics = JSON.stringify(Metrics.parse(Object.fromEntries(figures)));
  db.prepare(
    `UPDATE runs SET status = iif(rowid % 50 = 0, 'failed', 'completed'), done = 100, started_at = created_at, finished_at = created_at + 1000, metrics = ?`,
  ).run(metrics);
  db.exec(`UPDATE batches SET status = 'completed'; PRAGMA wal_checkpoint(TRUNCATE)`);
  db.close();
}
