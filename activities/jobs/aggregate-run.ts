import { createHash } from 'node:crypto';
import { createCurveFinisher } from '../../engine/finish-curve.ts';
import { createMetrics } from '../../engine/metrics/metrics.ts';
import { createTables } from '../../engine/metrics/tables/tables.ts';
import { plotNamesOf, tagsOf, type RunState } from '../../engine/run-simulation.ts';
import type { Chunk, Events } from '../../artifacts/chunks.ts';
import type { SeriesWriter } from '../../artifacts/results.ts';
import type { Checkpoint } from '../../artifacts/checkpoints.ts';
import type { ArtifactRef } from '../../shared/artifact.ts';
import type { Bars } from '../../shared/bars.ts';
import { canonicalJson } from '../../shared/canonical-json.ts';
import type { Metrics } from '../../shared/metrics.ts';
import type { LookAhead, Manifest, StoredResult } from '../../shared/run.ts';
import { timedLines, type FinishedCurveBlock, type RunWords } from '../../shared/series.ts';
import type { BacktestSpec } from '../../shared/spec.ts';
import { auditLookAhead } from '../../strategies/audit-look-ahead.ts';
import { isBuiltIn } from '../../strategies/catalog.ts';
import { sourceHashIn } from '../../strategies/module-trader.ts';
import { auditBudget } from './audit-budget.ts';
import type { PassageJob } from './passage.ts';
import { openResultBars, type ResultBars } from './result-bars.ts';
import type { JobStores } from './stores.ts';

export interface AggregateJob extends PassageJob {
  owner: string;
  checkpoint: ArtifactRef;
}

/** Turns what the slices of a run stored into its result. A run that did not reach its end gives the result of what it did (`partial`). */
export async function aggregateRun(stores: JobStores, job: AggregateJob): Promise<StoredResult> {
  const checkpoint = await stores.checkpoints.read(job.checkpoint);
  const { chunk } = checkpoint;
  return resultOf(stores, { ...job, checkpoint, chunks: () => stores.chunks.chain(chunk), events: () => stores.chunks.events(chunk) });
}

/** A run that has ended: where it ended, and what it left, in bar order. */
export interface EndedRun extends Omit<AggregateJob, 'checkpoint'> {
  checkpoint: Checkpoint;
  chunks: () => AsyncIterable<Chunk> | Iterable<Chunk>;
  /** Once more, without the curves. */
  events: () => AsyncIterable<Events> | Iterable<Events>;
}

/** The result of a run, made in one pass in bar order, so that metrics are never merged from slices. */
export function resultOf(stores: JobStores, run: EndedRun): Promise<StoredResult> {
  return stores.series.together((files) => files.asOneFile(run.owner, (parts) => writeResult(stores, run, parts)));
}

async function writeResult(stores: JobStores, run: EndedRun, files: SeriesWriter): Promise<StoredResult> {
  const { owner, checkpoint } = run;
  const state = checkpoint.state as RunState;
  const bars = await openResultBars(stores, run);
  const pyramid = stores.series.pyramid(checkpoint.bar);
  const { metrics, tables, lines, curve: blocks } = createFigures(run, bars);

  async function* finishedCurve(): AsyncGenerator<FinishedCurveBlock> {
    for await (const block of blocks()) {
      pyramid.add(block);
      yield block;
    }
  }

  const curve = await files.writeCurve(owner, finishedCurve());
  const open = await bars.open(state);
  metrics.addTrades(open);
  tables.addTrades(open);
  // All figures before the other files: a write that nobody waits for any more would fail unseen.
  const figures = metrics.finish();
  const summary = tables.finish();
  const lookAhead = audit(stores, run, await bars.beginning());
  const names = plotNamesOf(state);
  const [trades, orders, logs, levels, analysis, plots] = await Promise.all([
    files.writeTrades(
      owner,
      eventsOf(run, ({ trades: closed }) => closed, open),
    ),
    files.writeOrders(
      owner,
      eventsOf(run, (event) => event.orders),
    ),
    files.writeWords(owner, { tags: tagsOf(state), lines, ...(names.length > 0 && { plotNames: names }) }),
    files.writePyramid(owner, pyramid.levels()),
    files.writeTables(owner, summary),
    names.length === 0
      ? null
      : files.writePlots(
          owner,
          eventsOf(run, (event) => event.plots),
        ),
  ]);
  const series = { curve, trades, orders, logs };
  return {
    partial: checkpoint.ended === null,
    endReason: checkpoint.ended ?? 'interrupted',
    metrics: figures,
    manifest: { ...(await manifestOf(stores, run, resultHash(series, figures))), ...repairsIn(bars.quality) },
    verdicts: { lookAhead, ...(bars.quality && { data: bars.quality }) },
    dataset: checkpoint.dataset,
    ...series,
    ...(plots && { plots }),
    pyramid: levels,
    tables: analysis,
  };
}

/** Figures that follow the curve, which is to be gone through once. */
function createFigures({ spec, chunks }: EndedRun, bars: ResultBars) {
  const conventions = { cash: spec.account.cash, metrics: spec.metrics, zone: bars.zone };
  const metrics = createMetrics(conventions);
  const tables = createTables(conventions);
  const finishCurve = createCurveFinisher({ cash: spec.account.cash, benchmark: null });
  const lines: RunWords['lines'][number][] = [];

  async function* curve(): AsyncGenerator<FinishedCurveBlock> {
    for await (const chunk of chunks()) {
      const block = finishCurve(chunk.curve, await bars.benchmark(chunk.curve.ts.at(-1) ?? -Infinity));
      metrics.addCurve(block);
      metrics.addTrades(chunk.trades);
      tables.addCurve(block);
      tables.addTrades(chunk.trades);
      lines.push(...timedLines(chunk));
      yield block;
    }
  }

  return { metrics, tables, lines, curve };
}

/** One kind of events in bar order, and what is left at the end. Read once more rather than kept, since a long run may have many. */
async function* eventsOf<Block>({ events }: EndedRun, of: (event: Events) => Block | undefined, ...rest: Block[]): AsyncGenerator<Block> {
  for await (const event of events()) {
    const block = of(event);
    if (block !== undefined) yield block;
  }
  yield* rest;
}

/** As long as nobody notices. */
const AUDIT_SECONDS = 0.003;

type Beginning = Awaited<ReturnType<ResultBars['beginning']>>;

function audit({ prepareDecider }: JobStores, { spec, checkpoint }: EndedRun, input: Beginning): LookAhead | null {
  if (!isBuiltIn(spec.strategy.name)) return null; // a module runs, and is audited, in a process of its own
  const surroundings = { ...input, calendar: input.bars.map(({ ts }) => ts) };
  const prepare = (bars: readonly Bars[]) => prepareDecider(spec.strategy, bars, surroundings);
  return auditLookAhead({ ...input, prepare, seed: spec.seed, budget: auditBudget(checkpoint, AUDIT_SECONDS) });
}

async function manifestOf(stores: JobStores, { spec, checkpoint }: EndedRun, resultHashHex: string): Promise<Manifest> {
  const origin = await stores.marketData.origin(checkpoint.dataset);
  return {
    specHash: sha256(canonicalJson(spec)),
    datasetHash: checkpoint.dataset.sha256,
    datasetSource: spec.data.source,
    ...(origin && { datasetOrigin: origin }),
    strategyHash: strategyHashOf(stores, spec, checkpoint.state as RunState),
    engineVersion: stores.engineVersion,
    nodeVersion: process.version,
    seed: spec.seed,
    resultHash: resultHashHex,
    cpuSeconds: checkpoint.cpuSeconds,
    slices: checkpoint.slices,
    attempts: checkpoint.attempts,
  };
}

/** Bars that are not as their source has them. */
function repairsIn(quality: ResultBars['quality']): Pick<Manifest, 'datasetRepairs'> {
  const repaired = quality?.findings.filter(({ action }) => action === 'repaired') ?? [];
  return repaired.length === 0 ? {} : { datasetRepairs: repaired.reduce((sum, { count }) => sum + count, 0) };
}

/** A module's as it was when it ran: the file may have been edited since. */
function strategyHashOf(stores: JobStores, { strategy }: BacktestSpec, state: RunState): string {
  const ofModule = state.kind === 'orders' ? sourceHashIn(state.of.memory) : null;
  return ofModule ?? stores.strategyHash(strategy.name);
}

/** The files do not depend on how the run was cut, so their own hashes stand for their content. */
function resultHash(files: Record<string, ArtifactRef>, metrics: Metrics): string {
  const hashes = Object.entries(files).map(([name, file]) => [name, file.sha256]);
  return sha256(canonicalJson({ ...Object.fromEntries(hashes), metrics }));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
