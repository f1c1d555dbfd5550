import type { ArtifactRef } from '../shared/artifact.ts';
import { METRICS, Metrics } from '../shared/metrics.ts';
import type { StoredResult } from '../shared/run.ts';
import type { StoredSweepResult } from '../shared/sweep.ts';

export const sampleRef: ArtifactRef = { uri: `local/${'a'.repeat(64)}`, sha256: 'a'.repeat(64), bytes: 10, rows: 3 };

/** Nothing is known but the Sharpe ratio: as of a run without a trade. */
const emptyMetrics = Metrics.parse({
  ...Object.fromEntries(Object.keys(METRICS).map((name) => [name, null])),
  sharpe: 1.5,
  trades: 0,
  longestWin: 0,
  longestLoss: 0,
  fees: 0,
});

/** A result to store in tests; its files do not exist. */
export const sampleResult: StoredResult = {
  partial: false,
  endReason: 'end-of-data',
  metrics: emptyMetrics,
  manifest: {
    specHash: 's',
    datasetHash: 'd',
    datasetSource: 'sample',
    strategyHash: 't',
    engineVersion: 'e',
    nodeVersion: 'n',
    seed: 7,
    resultHash: 'r',
    cpuSeconds: 0.25,
    slices: 1,
    attempts: 1,
  },
  verdicts: { lookAhead: null },
  curve: sampleRef,
  pyramid: sampleRef,
  trades: sampleRef,
  orders: sampleRef,
  logs: sampleRef,
  tables: sampleRef,
};

/** As {@link sampleResult}, of a sweep. */
export const sampleSweepResult: StoredSweepResult = {
  partial: false,
  endReason: 'all-trials',
  trials: 100,
  cached: 0,
  best: null,
  top: [],
  manifest: {
    specHash: 's',
    datasetHash: 'd',
    datasetSource: 'sample',
    strategyHash: 't',
    engineVersion: 'e',
    nodeVersion: 'n',
    seed: 7,
    resultHash: 'r',
    cpuSeconds: 0.25,
    shards: 1,
  },
  validation: null,
  dataset: sampleRef,
  table: sampleRef,
};
