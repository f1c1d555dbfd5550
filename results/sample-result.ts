import type { ArtifactRef } from '../shared/artifact.ts';
import type { StoredResult } from '../shared/run.ts';

export const sampleRef: ArtifactRef = { uri: `local/${'a'.repeat(64)}`, sha256: 'a'.repeat(64), bytes: 10, rows: 3 };

const emptyMetrics = {
  totalReturn: null,
  cagr: null,
  volatility: null,
  sharpe: 1.5,
  sortino: null,
  calmar: null,
  maxDrawdown: null,
  maxDrawdownDuration: null,
  avgDrawdown: null,
  exposure: null,
  trades: 0,
  winRate: null,
  profitFactor: null,
  payoffRatio: null,
  expectancy: null,
  avgTrade: null,
  bestTrade: null,
  worstTrade: null,
  longestWin: 0,
  longestLoss: 0,
  turnover: null,
  fees: 0,
};

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
  curve: sampleRef,
  pyramid: sampleRef,
  trades: sampleRef,
};
