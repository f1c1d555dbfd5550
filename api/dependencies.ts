import type { ArtifactStore } from '../artifacts/store.ts';
import type { MarketData } from '../market-data/catalog.ts';
import type { ResultStore } from '../results/store.ts';
import type { StrategyCatalog } from './strategy-catalog.ts';
import type { Orchestrator } from './orchestrator.ts';

/** What the routes work with. */
export interface ApiDependencies {
  store: ResultStore;
  artifacts: ArtifactStore;
  marketData: MarketData;
  strategies: StrategyCatalog;
  orchestrator: Orchestrator;
  /** What a worker's datasets and jobs may take. */
  workerMemoryBytes: number;
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose runs this request may see. */
    owner: string;
  }
}
