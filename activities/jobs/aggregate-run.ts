import { createHash } from 'node:crypto';
import { createCurveFinisher } from '../../engine/finish-curve.ts';
import { createMetrics } from '../../engine/metrics/metrics.ts';
import { openTrades } from '../../engine/open-trades.ts';
import type { SimulationState } from '../../engine/simulation.ts';
import type { Checkpoint } from '../../artifacts/checkpoints.ts';
import type { ArtifactRef } from '../../shared/artifact.ts';
import type { Dataset } from '../../shared/bars.ts';
import { canonicalJson } from '../../shared/canonical-json.ts';
import type { Metrics } from '../../shared/metrics.ts';
import type { Manifest, StoredResult } from '../../shared/run.ts';
import type { FinishedCurveBlock, TradeBlock } from '../../shared/series.ts';
import type { BacktestSpec } from '../../shared/spec.ts';
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
  const metrics = createMetrics({ cash: spec.account.cash, metrics: spec.metrics });
  const pyramid = stores.series.pyramid();
  const trades: TradeBlock[] = [];
  const finishCurve = createCurveFinisher({ cash: spec.account.cash, benchmark: benchmarkBars(spec, dataset) });

  async function* finishedCurve(): AsyncGenerator<FinishedCurveBlock> {
    for await (const chunk of stores.chunks.chain(checkpoint.chunk)) {
      const block = finishCurve(chunk.curve);
      metrics.addCurve(block);
      metrics.addTrades(chunk.trades);
      trades.push(chunk.trades);
      pyramid.add(block);
      yield block;
    }
  }

  const curve = await stores.series.writeCurve(owner, finishedCurve());
  const open = openTrades(checkpoint.state as SimulationState, dataset.instruments[0]!);
  metrics.addTrades(open);
  trades.push(open);
  const [tradesRef, pyramidRef] = await Promise.all([
    stores.series.writeTrades(owner, each(trades)),
    stores.series.writePyramid(owner, pyramid.levels()),
  ]);
  const figures = metrics.finish();
  return {
    partial: checkpoint.ended === null,
    endReason: checkpoint.ended ?? 'interrupted',
    metrics: figures,
    manifest: manifestOf(stores, job, checkpoint, resultHash(curve, tradesRef, figures)),
    curve,
    pyramid: pyramidRef,
    trades: tradesRef,
  };
}

async function* each(blocks: TradeBlock[]): AsyncGenerator<TradeBlock> {
  yield* blocks;
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
    strategyHash: stores.strategyHash(spec.strategy.name),
    engineVersion: stores.engineVersion,
    nodeVersion: process.version,
    seed: spec.seed,
    resultHash: resultHashHex,
    cpuSeconds: checkpoint.cpuSeconds,
    slices: checkpoint.slices,
    attempts: checkpoint.attempts,
  };
}

/** Curve and trade files do not depend on how the run was cut, so their own hashes stand for their content. */
function resultHash(curve: ArtifactRef, trades: ArtifactRef, metrics: Metrics): string {
  return sha256(canonicalJson({ curve: curve.sha256, trades: trades.sha256, metrics }));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
