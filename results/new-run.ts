import type { RunKind } from '../shared/names.ts';
import { runTitle } from '../shared/start.ts';
import type { FullRunRow, Submission } from './runs.ts';

export interface NewRun<Kind extends RunKind> extends Omit<Submission<Kind>, 'idempotency' | 'limits'> {
  /** Milliseconds since 1970 UTC. */
  now: number;
  /** The batch it is an item of, and its number there. */
  batch: { batchId: string; batchIndex: number } | null;
}

/** The row of a run that has just been accepted; the store gives it the number of its first change. */
export function newRow<Kind extends RunKind>(run: NewRun<Kind>): FullRunRow<Kind> {
  const { id, kind, owner, spec, total, verifies = null, now, batch } = run;
  return {
    id,
    kind,
    owner,
    name: spec.name ?? runTitle(spec),
    tags: spec.tags,
    strategy: spec.strategy.name,
    symbols: spec.data.symbols,
    timeframe: spec.data.timeframe,
    status: 'queued',
    requested: null,
    phase: null,
    done: 0,
    total,
    perSecond: 0,
    createdAt: now,
    startedAt: null,
    finishedAt: null,
    error: null,
    metrics: null,
    version: 1,
    change: 0,
    durable: 0,
    batchId: batch?.batchId ?? null,
    batchIndex: batch?.batchIndex ?? null,
    spec,
    result: null,
    checkpoint: null,
    verifies,
    // Below those of any workflow.
    epoch: 0,
    sequence: 0,
  };
}
