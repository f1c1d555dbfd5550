import { setTimeout as delay } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { createCheckpointStore } from '../../artifacts/checkpoints.ts';
import { createChunkStore } from '../../artifacts/chunks.ts';
import type { ArtifactStore } from '../../artifacts/store.ts';
import type { ResultStore } from '../../results/store.ts';
import type { ArtifactRef } from '../../shared/artifact.ts';
import { EMBEDDED_OWNER } from '../../shared/names.ts';
import { CURVE_COLUMNS, ORDER_COLUMNS, TRADE_COLUMNS } from '../../shared/series.ts';
import { BacktestSpec } from '../../shared/spec.ts';

const TOTAL = 8_000;
const BARS_PER_SLICE = 50;
const PAUSE_MS = 500;

interface Writing {
  store: ResultStore;
  artifacts: ArtifactStore;
  count: number;
  signal: AbortSignal;
}

/** Lets so many runs go on, as their workflows and activities would, until the signal aborts; gives their ids, and when the last of it was written. */
export async function writeRuns(writing: Writing): Promise<{ ids: string[]; ended: Promise<unknown> }> {
  const ids = Array.from({ length: writing.count }, () => uuidv7());
  const spec = BacktestSpec.parse({ data: { source: 'sample', symbols: ['AAPL'] }, strategy: { name: 'sma-cross' } });
  for (const id of ids) {
    await writing.store.submit({ id, kind: 'backtest', owner: EMBEDDED_OWNER, spec, total: TOTAL, idempotency: null });
  }
  return { ids, ended: Promise.all(ids.map((id) => write(id, writing))) };
}

/** Two slices a second, each with live progress between. */
async function write(runId: string, { store, artifacts, signal }: Writing): Promise<void> {
  const chunks = createChunkStore(artifacts);
  const checkpoints = createCheckpointStore(artifacts);
  const epoch = Date.now();
  let previous: ArtifactRef | null = null;
  for (let sequence = 1; !signal.aborted; sequence++) {
    const toBar: number = Math.min(TOTAL, sequence * BARS_PER_SLICE);
    const fromBar = toBar - BARS_PER_SLICE;
    const tables = {
      curve: columns(CURVE_COLUMNS, BARS_PER_SLICE),
      trades: columns(TRADE_COLUMNS, 0),
      orders: columns(ORDER_COLUMNS, 0),
      logs: [],
    };
    previous = await chunks.append(EMBEDDED_OWNER, { previous, fromBar, toBar, ...tables });
    const state = { dataset: previous, total: TOTAL, ended: null, slices: 1, attempts: 1, cpuSeconds: 1, state: {} };
    const checkpoint = await checkpoints.write(EMBEDDED_OWNER, { ...state, bar: toBar, chunk: previous });
    await store.project({
      runId,
      epoch,
      sequence,
      change: { status: 'running', phase: 'simulate', done: toBar, total: TOTAL, checkpoint },
    });
    await delay(PAUSE_MS / 2);
    await store.reportProgress({ runId, epoch, done: toBar + BARS_PER_SLICE / 2, perSecond: 100 });
    await delay(PAUSE_MS / 2);
  }
}

function columns<Name extends string>(names: readonly Name[], rows: number): Record<Name, Float64Array> {
  return Object.fromEntries(names.map((name) => [name, new Float64Array(rows).fill(100_000.25)])) as Record<Name, Float64Array>;
}
