import type { RunQuery } from '../results/runs.ts';
import { createSupabaseStore } from '../results/supabase.ts';
import { manyRuns, WIDE } from '../test/rig/many-runs.ts';
import { startPostgres } from '../test/rig/postgres.ts';
import { migrateTemplate, startSupabase } from '../test/rig/supabase.ts';

/** What is asked of lists: the 99th percentile of a page, with so many runs. */
const RUNS = 100_000;
const GOAL_MS = 50;
const ROUNDS = 200;

const QUERIES: Record<string, Partial<RunQuery>> = {
  'newest page': {},
  'page from the middle': { after: { createdAt: 1_050_000, id: 'x' } },
  'by status': { statuses: ['failed'] },
  'by symbol': { symbol: 'AAPL' },
  'by symbol and tag': { symbol: 'AAPL', tag: 'rare' },
  'by symbol and tag, none has both': { symbol: 'IBM', tag: 'third' },
  'by strategy, none has it': { strategy: 'rsi-reversion' },
  'by text': { text: 'run 9' },
  'by text, no run has it': { text: 'no run has this name' },
  'by two letters, no run has them': { text: 'zz' },
  'by text and symbol': { text: 'zz', symbol: 'IBM' },
};

const postgres = await startPostgres();
try {
  await migrateTemplate(postgres.port);
  const supabase = await startSupabase(postgres.port);
  await supabase.sql(manyRuns(RUNS, WIDE));
  await supabase.sql('vacuum analyze'); // as the server does by itself
  const store = createSupabaseStore(supabase);
  process.stdout.write(`${RUNS} runs, half of them of the owner who asks; PostgreSQL, PostgREST and the client on one machine\n`);
  for (const [name, query] of Object.entries(QUERIES)) {
    const times = await timesOf(() => store.list('owner-7', { order: 'newest', limit: 51, kind: 'backtest', ...query }));
    const at = (share: number): string => `${times[Math.floor(times.length * share)]!.toFixed(1)} ms`;
    process.stdout.write(`${name.padEnd(34)} p50 ${at(0.5).padStart(9)}  p99 ${at(0.99).padStart(9)}  goal ${GOAL_MS} ms\n`);
  }
  store.close();
  await supabase[Symbol.asyncDispose]();
} finally {
  await postgres[Symbol.asyncDispose]();
}

/** Sorted, in milliseconds; the first calls, which open connections, do not count. */
async function timesOf(call: () => Promise<unknown>): Promise<number[]> {
  for (let warm = 0; warm < 20; warm++) await call();
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now();
    await call();
    times.push(performance.now() - start);
  }
  return times.sort((a, b) => a - b);
}
