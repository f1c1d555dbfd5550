import type { Metrics } from '../shared/metrics.ts';
import type { CurveBlock, OrderBlock, TradeBlock } from '../shared/series.ts';
import type { MetricSpec } from '../shared/spec.ts';
import { createMetrics } from './metrics/metrics.ts';
import { createRunSimulation, openPositions, type RunInput } from './run-simulation.ts';

/** Bars that go through all steps at once: few enough for what is written about them to stay in the processor's second cache. */
const BLOCK = 8_192;

export interface WholeRun extends Omit<RunInput, 'state'> {
  /** Conventions of the figures. */
  metrics: MetricSpec;
}

/** What a run appended block by block; the arrays are good until the callback returns. */
export interface Piece {
  curve: CurveBlock;
  trades: TradeBlock;
  orders: OrderBlock;
}

/** Takes a run from its first bar to its metrics at once, without a benchmark. `onPiece` sees everything in bar order, the positions still open last. */
export function wholeRun(run: WholeRun, onPiece: (piece: Piece) => void = () => {}): Metrics {
  const simulation = createRunSimulation(run);
  const metrics = createMetrics({ cash: run.account.cash, metrics: run.metrics, zone: run.zone });
  const pass = (piece: Piece): void => {
    metrics.addCurve(piece.curve);
    metrics.addTrades(piece.trades);
    onPiece(piece);
  };
  while (simulation.ended === null) {
    simulation.advance(simulation.bar + BLOCK);
    pass(simulation.lend());
  }
  pass({ ...simulation.lend(), trades: openPositions(simulation.state(), run) });
  return metrics.finish();
}
