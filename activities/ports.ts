import type { TrialTables } from '../artifacts/trial-tables.ts';
import type { OwnersMarketData } from '../market-data/uploads/owners.ts';
import type { Collected } from '../artifacts/collect-garbage.ts';
import type { SeriesStore } from '../artifacts/results.ts';
import type { RunWorkflows } from '../orchestration/run-workflows.ts';
import type { ListedSchedules } from '../orchestration/schedules.ts';
import type { ResultStore } from '../results/store.ts';
import type { ArtifactStore } from '../artifacts/store.ts';
import type { CheckpointStore } from '../artifacts/checkpoints.ts';
import type { SendMessage } from '../webhooks/sender.ts';
import type { LimitsOf } from '../shared/limits.ts';
import type { WorkerMemory } from './worker-memory.ts';
import type { ModuleSlices } from './modules/module-slices.ts';
import type { ThreadPools } from './thread-pools.ts';
import type { ArtifactRef } from '../shared/artifact.ts';
import type { StrategySpec } from '../shared/spec.ts';

/** Everything outside this folder that activities need; `worker/` wires it. */
export interface Ports {
  results: ResultStore;
  marketData: OwnersMarketData;
  artifacts: Pick<ArtifactStore, 'verify'>;
  checkpoints: Pick<CheckpointStore, 'read'>;
  threads: ThreadPools;
  memory: WorkerMemory;
  modules: ModuleSlices;
  series: Pick<SeriesStore, 'readTrades'>;
  workflows: RunWorkflows;
  limitsOf: LimitsOf;
  schedules: ListedSchedules;
  /** Where messages to webhooks go out, and what the paths in them are below. */
  webhooks: { send: SendMessage; linkTo: (path: string) => string };
  garbage: { collect: () => Promise<Collected> };
  /** For how long finished runs are kept; null: until someone deletes them. */
  keepDays: number | null;
  /** Where histories of workflows are kept, and how many bytes of each at most; null: none are. */
  histories: { put: (owner: string, history: Uint8Array) => Promise<ArtifactRef>; mostBytes: number } | null;
  /** How long a slice may take: the first of a run, and each later one; and all slices of a run together. */
  slice: { firstMs: number; laterMs: number; mostSeconds: number };
  sweeps: {
    /** Most shards of an owner at a time, over all workers. */
    shards: number;
    /** Hash of the source of a strategy as it is now. */
    strategyHash: (strategy: StrategySpec) => string;
    engineVersion: string;
    trialTables: Pick<TrialTables, 'read'>;
  };
}
