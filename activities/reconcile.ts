import { log } from '@temporalio/activity';
import type { ListedRun } from '../orchestration/run-workflows.ts';
import type { BatchRow } from '../results/batches.ts';
import type { AnyRunRow } from '../results/runs.ts';
import { heartbeatWhile, untilLeaving } from './heartbeat.ts';
import { startDeliveries } from './notifier.ts';
import type { Ports } from './ports.ts';
import { keepHistories } from './keep-histories.ts';
import { reconcileBatch, showStallsOfItems } from './reconcile-batch.ts';
import { reconcileSchedules } from './reconcile-schedules.ts';
import { reconcileRun, type Reconciliation } from './reconcile-run.ts';

/** Younger runs are left to the API, which starts their workflow right after the row is committed. */
const GRACE_MS = 5_000;
/** Rows in memory at a time. */
const PAGE = 500;
/** Questions to Temporal in flight; each takes about 3 ms. */
const AT_ONCE = 8;

type ReconcilerPorts = Pick<Ports, 'results' | 'workflows' | 'schedules' | 'histories'>;

export type Reconciled = Record<'looked' | 'reopened' | 'notified' | 'rescheduled' | 'kept' | 'unanswered' | Reconciliation, number>;

/**
 * Makes rows and workflows agree again, for every run that is not finished in both: starts the workflow of an accepted run that has
 * none (from its last checkpoint), closes the row of a workflow that ended without saying so, opens the row of one that was reset,
 * delivers requests that were recorded but not sent, sends on its way what webhooks are to hear, and says of runs that only look running
 * why they do not get ahead. Schedules of Temporal are made as their rows say, and histories of what has ended are kept where that is wanted.
 */
export function reconcile(ports: ReconcilerPorts) {
  return (): Promise<Reconciled> => {
    const done: Reconciled = {
      looked: 0,
      started: 0,
      closed: 0,
      delivered: 0,
      stalled: 0,
      reopened: 0,
      notified: 0,
      rescheduled: 0,
      kept: 0,
      unanswered: 0,
    };
    return heartbeatWhile(
      untilLeaving(pass(ports, done), () => done),
      () => done,
    );
  };
}

async function pass(ports: ReconcilerPorts, done: Reconciled): Promise<Reconciled> {
  const byThemselves = new Set<string>();
  for await (const rows of openRows(ports)) {
    const looks = rows.map((row) => unlessUnanswered({ run: row.id }, () => reconcileRun(ports, row)));
    for (const outcome of await Promise.all(looks)) if (outcome) done[outcome] += 1;
    done.looked += rows.length;
    for (const { id } of rows) byThemselves.add(id);
  }
  const batches = await ports.results.listOpenBatches(Date.now() - GRACE_MS, PAGE);
  for (const batch of batches) {
    const outcome = await unlessUnanswered({ batch: batch.id }, () => reconcileBatch(ports, batch));
    if (outcome) done[outcome] += 1;
    done.looked += 1;
  }
  for (const schedule of await ports.results.unappliedSchedules(Date.now() - GRACE_MS, PAGE)) {
    const settled = unlessUnanswered({ schedule: schedule.id }, () => ports.schedules.settle(ports.results, schedule));
    if ((await settled) === 'unanswered') done.unanswered += 1;
    done.looked += 1;
  }
  const schedules = await unlessUnanswered({ what: 'schedules' }, () => reconcileSchedules(ports, Date.now() - GRACE_MS));
  if (schedules === 'unanswered') done.unanswered += 1;
  else done.rescheduled += schedules.made + schedules.removed;
  const others = await lookAtRunning(ports, done, byThemselves);
  if (others.size > 0) await lookAtItems(ports, done, { batches, others });
  done.notified += await startDeliveries(ports);
  done.kept += await keepHistories(ports);
  return done;
}

/** Opens rows again whose workflow was reset. Gives those of the running backtests that are not `known`: items of batches. */
async function lookAtRunning(ports: ReconcilerPorts, done: Reconciled, known: ReadonlySet<string>): Promise<Set<string>> {
  const others = new Set<string>();
  for await (const runs of inGroups(ports.workflows.running(), PAGE)) {
    done.reopened += await reopen(ports, runs);
    for (const { kind, runId } of runs) if (kind === 'backtest' && !known.has(runId)) others.add(runId);
  }
  return others;
}

async function lookAtItems(
  ports: ReconcilerPorts,
  done: Reconciled,
  { batches, others }: { batches: readonly BatchRow[]; others: ReadonlySet<string> },
): Promise<void> {
  for (const batch of batches) {
    const stalls = await unlessUnanswered({ batch: batch.id }, () => showStallsOfItems(ports, batch, others));
    if (stalls === 'unanswered') done.unanswered += 1;
    else done.stalled += stalls;
  }
}

/** Few at a time, page by page, so that any number of open runs takes the same memory. */
async function* openRows({ results }: ReconcilerPorts): AsyncGenerator<AnyRunRow[]> {
  const before = Date.now() - GRACE_MS;
  let page: AnyRunRow[] = [];
  do {
    page = await results.listOpen(before, PAGE, page.at(-1));
    for (let start = 0; start < page.length; start += AT_ONCE) yield page.slice(start, start + AT_ONCE);
  } while (page.length === PAGE);
}

/** One run that cannot be looked at must not keep the others waiting: it has its turn at the next pass. */
async function unlessUnanswered<Done>(what: object, work: () => Promise<Done>): Promise<Done | 'unanswered'> {
  try {
    return await work();
  } catch (error) {
    log.warn('a run could not be reconciled', { ...what, error });
    return 'unanswered';
  }
}

/** Opens the rows of what is finished and whose workflow runs again since. A workflow that is just ending is still in the list, but began before. */
async function reopen({ results }: ReconcilerPorts, runs: ListedRun[]): Promise<number> {
  const idsOf = (isBatch: boolean): string[] => runs.filter(({ kind }) => (kind === 'batch') === isBatch).map(({ runId }) => runId);
  const finished = [...(await results.finishedAmong(idsOf(false))), ...(await results.finishedBatchesAmong(idsOf(true)))];
  const finishedAt = new Map(finished.map((run) => [run.id, run.finishedAt]));
  let reopened = 0;
  for (const { kind, runId, startedAt } of runs) {
    if (startedAt <= (finishedAt.get(runId) ?? Infinity)) continue;
    // Before all that the new run itself writes.
    const at = { epoch: startedAt, sequence: 0 };
    const opened =
      kind === 'batch'
        ? await results.projectBatch({ batchId: runId, ...at, change: { status: 'running' } })
        : await results.project({ runId, ...at, change: { status: 'running', phase: null } });
    if (opened) reopened += 1;
  }
  return reopened;
}

async function* inGroups<Value>(values: AsyncIterable<Value>, size: number): AsyncGenerator<Value[]> {
  let group: Value[] = [];
  for await (const value of values) {
    group.push(value);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
