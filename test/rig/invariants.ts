import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect } from 'vitest';
import { removeAbandoned } from '../../artifacts/atomic-file.ts';
import type { WorkflowExecutionDescription } from '@temporalio/client';
import type { FullRunRow } from '../../results/runs.ts';
import { EMBEDDED_OWNER, isTerminal, type TerminalStatus } from '../../shared/names.ts';
import { referenceOf } from './references.ts';
import type { Service } from './service.ts';

/** Temporal's outcome of a run's workflow, by the status of its row. */
const OUTCOMES: Readonly<Record<TerminalStatus, string>> = { completed: 'COMPLETED', failed: 'FAILED', cancelled: 'CANCELLED' };
const CLOSED_WITHIN_MS = 20_000;
const DAY_MS = 24 * 3_600_000;

/**
 * What must hold after any fault, as Temporal, the rows, and the artifacts have it: each accepted run has ended once, with one result, made
 * of chunks without gap or overlap, and with the hash of an undisturbed run. Of those that are `forgotten`, Temporal knows nothing any more.
 */
export async function expectNothingLost(service: Service, forgotten: readonly string[] = []): Promise<void> {
  const rows = await allRows(service);
  const known = rows.map(({ id }) => id).sort();
  // Nothing that was accepted is gone, and nothing is there twice.
  expect(known).toEqual([...service.accepted.keys()].sort());
  for (const row of rows) {
    if (!forgotten.includes(row.id)) await expectOneEnd(service, row);
    await expectOneResult(service, row);
  }
  const folder = path.join(service.home, 'artifacts');
  if (existsSync(folder)) await expectWholeFiles(folder);
}

async function allRows(service: Service): Promise<FullRunRow[]> {
  const store = service.openRows();
  try {
    const light = await store.list(EMBEDDED_OWNER, { kind: 'backtest', order: 'oldest', limit: 10_000 });
    return await Promise.all(light.map(async ({ id }) => (await store.get(EMBEDDED_OWNER, id))!));
  } finally {
    store.close();
  }
}

/** The row and Temporal agree on how the run ended, and nothing of it goes on. */
async function expectOneEnd({ temporal }: Service, row: FullRunRow): Promise<void> {
  expect(row, 'a row that has ended').toMatchObject({ requested: null, phase: null });
  expect(isTerminal(row.status), `${row.id} is ${row.status}`).toBe(true);
  expect(row.finishedAt).toBeGreaterThanOrEqual(row.createdAt);
  expect(row.error !== null, `the error of a ${row.status} run`).toBe(row.status === 'failed');
  expect(row.sequence).toBeGreaterThan(0);
  const handle = temporal.workflow.getHandle(`backtest/${row.id}`);
  const { status, startTime, raw } = await closed(() => handle.describe());
  expect(status.name).toBe(OUTCOMES[row.status as TerminalStatus]);
  expect(raw.pendingActivities ?? []).toEqual([]);
  // The epoch is the start of the first workflow task.
  expect(row.epoch, 'written by the last run of the workflow').toBeGreaterThanOrEqual(startTime.getTime());
}

/** The row is written some moments before the workflow closes. */
async function closed(describe: () => Promise<WorkflowExecutionDescription>): Promise<WorkflowExecutionDescription> {
  const until = performance.now() + CLOSED_WITHIN_MS;
  for (;;) {
    const found = await describe();
    if (found.status.name !== 'RUNNING' || performance.now() > until) return found;
    await delay(50);
  }
}

/** One result, of all that was simulated: every bar once, in order. */
async function expectOneResult(service: Service, row: FullRunRow): Promise<void> {
  if (row.status === 'completed') {
    expect(row.done).toBe(row.total);
    const reference = referenceOf(service.accepted.get(row.id)!);
    expect(reference, 'an undisturbed run of the same spec').not.toBeNull();
    expect(row.result?.manifest.resultHash, 'the hash of the undisturbed run').toBe(reference);
  }
  if (row.result === null) return expect(row.status).not.toBe('completed');
  const { checkpoints, chunks, series } = service.openFiles();
  expect(row.result.partial).toBe(row.status !== 'completed');
  const points = (await series.readCurve(row.result.curve)).ts.length;
  // A short run is done in one step, without chunks.
  if (row.checkpoint === null) return expect(points).toBe(row.done);
  const checkpoint = await checkpoints.read(row.checkpoint);
  let bar = 0;
  for await (const chunk of chunks.chain(checkpoint.chunk)) {
    expect(chunk.fromBar, 'a chunk begins where the one before ended').toBe(bar);
    bar = chunk.toBar;
  }
  expect(bar).toBe(checkpoint.bar);
  expect(points).toBe(bar);
  expect(checkpoint.attempts).toBeGreaterThanOrEqual(checkpoint.slices);
}

/** Every file is what its name says. Of writes that a kill -9 interrupted, the store's own cleaning leaves nothing. */
async function expectWholeFiles(folder: string): Promise<void> {
  await removeAbandoned(path.join(folder, '.tmp'), Date.now() + 2 * DAY_MS);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  for (const entry of entries.filter((each) => each.isFile())) {
    const file = path.join(entry.parentPath, entry.name);
    if (/\.(json|damaged)$/.test(entry.name)) continue;
    const hash = createHash('sha256');
    for await (const part of createReadStream(file)) hash.update(part as Uint8Array);
    expect(hash.digest('hex'), file).toBe(entry.name);
  }
}
