import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { log } from '@temporalio/activity';
import type { EndedRun } from '../results/histories.ts';
import type { Ports } from './ports.ts';

/** Runs that ended longer ago are left alone: those of before this was wanted, whose histories may be gone. */
const LOOK_BACK_MS = 7 * 86_400_000;
/** Of one pass, so that it stays short; those behind have their turn at the next. */
const MOST = 200;

const compressed = promisify(gzip);

type HistoryPorts = Pick<Ports, 'results' | 'workflows' | 'histories'>;

/**
 * Stores the histories of workflows of runs that have ended, compressed, so that what happened can be looked up when Temporal has forgotten it; gives how
 * many. Safe to repeat and to run twice at once: the same history is the same file.
 */
export async function keepHistories(ports: HistoryPorts): Promise<number> {
  if (ports.histories === null) return 0;
  let kept = 0;
  for (const run of await ports.results.withoutHistory(Date.now() - LOOK_BACK_MS, MOST)) {
    try {
      if (await keepHistory({ ...ports, histories: ports.histories }, run)) kept += 1;
    } catch (error) {
      log.warn('the history of a run could not be kept', { run: run.runId, error });
    }
  }
  return kept;
}

async function keepHistory(
  { results, workflows, histories }: HistoryPorts & { histories: NonNullable<Ports['histories']> },
  run: EndedRun,
) {
  const state = await workflows.describe(run.kind, run.runId);
  // The row is written some moments before the workflow closes.
  if (state?.closed === false) return false;
  const history = state && (await workflows.history(run.kind, run.runId, histories.mostBytes));
  if (history?.truncated) log.warn('the history of a run is larger than what is kept of it', { run: run.runId, events: history.events });
  await results.keepHistory(run, history && (await histories.put(run.owner, await compressed(history.text))));
  return history !== null;
}
