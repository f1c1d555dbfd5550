import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import type { HttpClient } from '../cli/http-client.ts';
import { createProgressView } from '../cli/progress.ts';
import { metricsTable } from '../cli/tables.ts';
import { watchRun } from '../cli/watch-run.ts';
import { isTerminal, runPathOf } from '../shared/names.ts';
import { RunSummary } from '../shared/run.ts';
import { PROJECT } from './config.ts';

const RunPage = z.object({ items: z.array(RunSummary), nextCursor: z.string().nullable() });
/** Runs to look at for the greeting, a page each; beyond, the count is said to be a lower bound. */
const MOST_PAGES = 5;

export interface RunCount {
  /** `1000 or more` when there are too many to count. */
  all: string;
  any: boolean;
  open: number;
}

/** How many runs the store holds, and how many of them have not ended. */
export async function countRuns(client: HttpClient): Promise<RunCount> {
  let cursor: string | null | undefined;
  let all = 0;
  let open = 0;
  for (let page = 0; page < MOST_PAGES && cursor !== null; page++) {
    const answer = RunPage.parse(await client.json({ path: '/v1/backtests', query: { limit: 200, cursor } }));
    all += answer.items.length;
    open += answer.items.filter(({ status }) => !isTerminal(status)).length;
    cursor = answer.nextCursor;
  }
  return { all: cursor === null ? String(all) : `${all} or more`, any: all > 0, open };
}

/**
 * Submits `examples/sma-cross.json`, shows its progress and its figures, and resolves to its last state. The same `idempotencyKey`
 * gives the same run, so that an interrupted first start does not leave two.
 */
export async function runExample(client: HttpClient, idempotencyKey: string, signal: AbortSignal): Promise<RunSummary> {
  const spec: unknown = JSON.parse(readFileSync(path.join(PROJECT, 'examples/sma-cross.json'), 'utf8'));
  const headers = { 'idempotency-key': idempotencyKey };
  const accepted = RunSummary.parse(await client.json({ method: 'POST', path: '/v1/backtests', body: spec, headers }));
  process.stdout.write(`\nExample backtest "${accepted.name}" (examples/sma-cross.json), run ${accepted.id}\n`);
  const run = RunSummary.parse(await watchRun(client, runPathOf(accepted.id), createProgressView(process.stdout), signal));
  if (run.metrics !== null) process.stdout.write(`\n${metricsTable(run.metrics)}\n`);
  if (run.status !== 'completed') process.stdout.write(`\nThe run ended ${run.status}: ${run.error?.message ?? 'no reason was given'}\n`);
  return run;
}
