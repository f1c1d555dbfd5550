import { Context } from '@temporalio/activity';
import type { BatchProjection } from '../results/batches.ts';
import type { FullRunRow, Projection } from '../results/runs.ts';
import type { ArtifactRef } from '../shared/artifact.ts';
import { canonicalJson } from '../shared/canonical-json.ts';
import { isTerminal } from '../shared/names.ts';
import { CONTROL } from '../shared/slice-control.ts';
import type { BacktestSpec } from '../shared/spec.ts';
import type { BacktestInput } from '../shared/start.ts';
import { countBacktests } from './count-backtests.ts';
import { heartbeatWhile } from './heartbeat.ts';
import type { ItemOutcome } from './jobs/run-shard.ts';
import { isKnownSpec } from './known-spec.ts';
import { SHORT_RUN_MS, isShort } from './open-run.ts';
import type { Ports } from './ports.ts';
import type { Share } from './worker-memory.ts';

export interface ShardInput {
  batchId: string;
  owner: string;
  /** Items with the numbers [from, to). */
  from: number;
  to: number;
  /** Items among them that were left to workflows of their own. */
  without: readonly string[];
  /** The Temporal run that writes the rows. */
  writer: Pick<Projection, 'epoch' | 'reset'>;
  /** Items whose bars could not be fetched are left to workflows of their own, which tell why. */
  leaveUnfetched: boolean;
}

export interface ShardResult {
  /** Whether there is more to do among the items. */
  more: boolean;
  /** Items of the range that have ended. */
  done: number;
  /** One spec for each dataset that is to be fetched first. */
  fetch: BacktestSpec[];
  /** Items that are to be done by workflows of their own: long ones, modules, and what fails. */
  left: BacktestInput[];
}

/** No further item is begun after this long: a worker that is lost takes about as much work with it. */
const SHARD_MS = 1_000;

interface Item {
  row: FullRunRow;
  datasetRef: ArtifactRef;
}

interface Done extends Item {
  outcome: ItemOutcome;
}

/** Does the items of a batch that are short and not done yet, one after the other on one thread, and writes their rows in one transaction. */
export function runShard(ports: Ports) {
  return async (input: ShardInput): Promise<ShardResult> => {
    // Before the items are looked at: those that ended with the batch are open again.
    if (input.writer.reset) await ports.results.projectBatch(openedBy(input));
    const all = await ports.results.batchItems(input.batchId, input.from, input.to);
    const open = all.filter(({ status }) => !isTerminal(status));
    const before = all.length - open.length;
    const rows = open.filter(({ id }) => !input.without.includes(id));
    const { items, missing } = await findDatasets(ports, rows);
    if (missing.length > 0 && !input.leaveUnfetched) return { more: true, done: before, fetch: distinct(missing), left: [] };
    const short = items.filter(({ row, datasetRef }) => isShort(ports, row.spec, datasetRef) && isKnownSpec(row.spec));
    const tried = await heartbeatWhile(runItems(ports, input.owner, short), () => ({ from: input.from }));
    const ended = tried.flatMap(({ row, outcome }) => projectionOf(row, outcome, input.writer));
    await countBacktests(ports, input.owner, tried.flatMap(endedOf));
    await ports.results.projectAll(ended);
    const isShortRow = new Set(short.map(({ row }) => row.id));
    const leave = [
      ...rows.filter(({ id }) => !isShortRow.has(id)).map((row) => inputOf(row, null)),
      ...tried.flatMap(({ row, outcome }) => (outcome.result === null ? [inputOf(row, outcome.checkpoint)] : [])),
    ];
    return { more: tried.length < short.length, done: before + ended.length, fetch: [], left: leave };
  };
}

/** Before all that the workflow itself writes. */
function openedBy({ batchId, writer }: ShardInput): BatchProjection {
  return { batchId, ...writer, sequence: 0, change: { status: 'running' } };
}

function inputOf({ id, owner, spec }: FullRunRow, checkpoint: ArtifactRef | null): BacktestInput {
  return { runId: id, owner, spec, checkpoint };
}

async function findDatasets({ marketData }: Ports, rows: readonly FullRunRow[]): Promise<{ items: Item[]; missing: BacktestSpec[] }> {
  const known = new Map<string, Promise<ArtifactRef | null>>();
  const items: Item[] = [];
  const missing: BacktestSpec[] = [];
  for (const row of rows) {
    const key = keyOf(row.spec);
    const found = known.get(key) ?? marketData.of(row.owner).cached(row.spec);
    known.set(key, found);
    const datasetRef = await found;
    if (datasetRef === null) missing.push(row.spec);
    else items.push({ row, datasetRef });
  }
  return { items, missing };
}

/** Specs with the same key have the same dataset. */
function keyOf({ data, benchmark }: BacktestSpec): string {
  return canonicalJson({ data, benchmark });
}

function distinct(specs: readonly BacktestSpec[]): BacktestSpec[] {
  return [...new Map(specs.map((spec) => [keyOf(spec), spec])).values()];
}

/** Dataset after dataset, until the time of the shard is up or it is cancelled. */
async function runItems(ports: Ports, owner: string, items: readonly Item[]): Promise<Done[]> {
  const { info, cancellationSignal } = Context.current();
  const control = new Int32Array(new SharedArrayBuffer(8));
  const stop = (): number => Atomics.exchange(control, CONTROL.stop, 1);
  cancellationSignal.addEventListener('abort', stop, { once: true });
  const start = performance.now();
  const done: Done[] = [];
  for (const group of Map.groupBy(items, ({ datasetRef }) => datasetRef.sha256).values()) {
    const shardMs = SHARD_MS - (performance.now() - start);
    if (cancellationSignal.aborted || shardMs <= 0) break;
    const { datasetRef } = group[0]!;
    const specs = group.map(({ row }) => row.spec);
    const limits = { shardMs, sliceMs: SHORT_RUN_MS, attempt: info.attempt, control };
    const run = (share: Share) => ports.threads.run('runShard', { owner, specs, datasetRef, ...limits, ...share });
    const outcomes = await ports.memory.use(datasetRef, run, { signal: cancellationSignal });
    done.push(...outcomes.map((outcome, k) => ({ ...group[k]!, outcome })));
    if (outcomes.length < group.length) break;
  }
  return done;
}

function endedOf({ row: { spec }, datasetRef, outcome }: Done) {
  return outcome.result === null ? [] : [{ spec, dataset: datasetRef, metrics: outcome.result.metrics }];
}

function projectionOf({ id }: FullRunRow, outcome: ItemOutcome, writer: ShardInput['writer']): Projection[] {
  if (outcome.result === null) return [];
  const { startedAt, finishedAt, bars, total, result } = outcome;
  const change = { status: 'completed', phase: null, error: null, done: bars, total, startedAt, finishedAt, result } as const;
  return [{ runId: id, ...writer, sequence: 1, change }];
}
