import { createHash } from 'node:crypto';
import { createCurveFinisher } from '../../engine/finish-curve.ts';
import { createMetrics } from '../../engine/metrics/metrics.ts';
import { createTables } from '../../engine/metrics/tables/tables.ts';
import { openPositions, plotNamesOf, tagsOf, type RunState } from '../../engine/run-simulation.ts';
import type { Chunk } from '../../artifacts/chunks.ts';
import type { Checkpoint } from '../../artifacts/checkpoints.ts';
import type { ArtifactRef } from '../../shared/artifact.ts';
import type { Bars, Dataset } from '../../shared/bars.ts';
import { canonicalJson } from '../../shared/canonical-json.ts';
import type { Metrics } from '../../shared/metrics.ts';
import type { LookAhead, Manifest, StoredResult } from '../../shared/run.ts';
import {
  timedLines,
  type FinishedCurveBlock,
  type OrderBlock,
  type PlotBlock,
  type RunWords,
  type TradeBlock,
} from '../../shared/series.ts';
import type { BacktestSpec } from '../../shared/spec.ts';
import { auditLookAhead } from '../../strategies/audit-look-ahead.ts';
import { isBuiltIn } from '../../strategies/catalog.ts';
import { sourceHashIn } from '../../strategies/module-trader.ts';
import { runInputOf } from './run-input.ts';
import type { JobStores } from './stores.ts';

export interface AggregateJob {
  owner: string;
  spec: BacktestSpec;
  dataset: Dataset;
  checkpoint: ArtifactRef;
}

/**
 * Turns the chunks of a run into its result: one pass in bar order, so that metrics are never merged from slices. A run that
 * did not reach its end gives the result of what it did (`partial`).
 */
export async function aggregateRun(stores: JobStores, job: AggregateJob): Promise<StoredResult> {
  const checkpoint = await stores.checkpoints.read(job.checkpoint);
  const { owner, spec, dataset } = job;
  const { series } = stores;
  const state = checkpoint.state as RunState;
  const metrics = createMetrics({ cash: spec.account.cash, metrics: spec.metrics, zone: dataset.zone });
  const tables = createTables({ cash: spec.account.cash, metrics: spec.metrics, zone: dataset.zone });
  const pyramid = series.pyramid();
  const finishCurve = createCurveFinisher({ cash: spec.account.cash, benchmark: benchmarkBars(spec, dataset) });
  const kept = keepEvents();

  async function* finishedCurve(): AsyncGenerator<FinishedCurveBlock> {
    for await (const chunk of stores.chunks.chain(checkpoint.chunk)) {
      const block = finishCurve(chunk.curve);
      metrics.addCurve(block);
      metrics.addTrades(chunk.trades);
      tables.addCurve(block);
      tables.addTrades(chunk.trades);
      kept.add(chunk);
      pyramid.add(block);
      yield block;
    }
  }

  const curve = await series.writeCurve(owner, finishedCurve());
  const open = openPositions(state, runInputOf(spec, dataset));
  metrics.addTrades(open);
  tables.addTrades(open);
  // All figures before the first write: a write that nobody waits for any more would fail unseen.
  const figures = metrics.finish();
  const summary = tables.finish();
  const lookAhead = audit(stores, job, checkpoint);
  const names = plotNamesOf(state);
  const [trades, orders, logs, levels, analysis, plots] = await Promise.all([
    series.writeTrades(owner, [...kept.trades, open]),
    series.writeOrders(owner, kept.orders),
    series.writeWords(owner, { tags: tagsOf(state), lines: kept.lines, ...(names.length > 0 && { plotNames: names }) }),
    series.writePyramid(owner, pyramid.levels()),
    series.writeTables(owner, summary),
    kept.plots.length === 0 ? null : series.writePlots(owner, kept.plots),
  ]);
  const files = { curve, trades, orders, logs };
  return {
    partial: checkpoint.ended === null,
    endReason: checkpoint.ended ?? 'interrupted',
    metrics: figures,
    manifest: manifestOf(stores, job, checkpoint, resultHash(files, figures)),
    verdicts: { lookAhead },
    ...files,
    ...(plots && { plots }),
    pyramid: levels,
    tables: analysis,
  };
}

/** The audit may take a twentieth of the run's own time, or as long as nobody notices. */
const AUDIT_SHARE = 0.05;
const AUDIT_SECONDS = 0.01;

function audit({ prepareDecider }: JobStores, { spec, dataset }: AggregateJob, { cpuSeconds, bar }: Checkpoint): LookAhead | null {
  if (!isBuiltIn(spec.strategy.name)) return null; // a module runs in a process of its own, and sees only bars up to now
  const budget = (Math.max(AUDIT_SECONDS, AUDIT_SHARE * cpuSeconds) * bar) / Math.max(cpuSeconds, 1e-9);
  const input = runInputOf(spec, dataset);
  const surroundings = { ...input, calendar: input.bars.map(({ ts }) => ts) };
  const prepare = (bars: readonly Bars[]) => prepareDecider(spec.strategy, bars, surroundings);
  return auditLookAhead({ ...input, prepare, seed: spec.seed, budget });
}

/** What the chunks hold beside the curve. It grows with what was traded, not with the bars. */
function keepEvents() {
  const trades: TradeBlock[] = [];
  const orders: OrderBlock[] = [];
  const lines: RunWords['lines'][number][] = [];
  const plots: PlotBlock[] = [];
  return {
    trades,
    orders,
    lines,
    plots,
    add(chunk: Chunk): void {
      trades.push(chunk.trades);
      orders.push(chunk.orders);
      lines.push(...timedLines(chunk));
      if (chunk.plots !== undefined) plots.push(chunk.plots);
    },
  };
}

function benchmarkBars(spec: BacktestSpec, dataset: Dataset) {
  return dataset.instruments.find((bars) => bars.symbol === spec.benchmark) ?? null;
}

function manifestOf(stores: JobStores, job: AggregateJob, checkpoint: Checkpoint, resultHashHex: string): Manifest {
  const { spec } = job;
  return {
    specHash: sha256(canonicalJson(spec)),
    datasetHash: checkpoint.dataset.sha256,
    datasetSource: spec.data.source,
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
