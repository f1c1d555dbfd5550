import type { ArtifactStore } from '../artifacts/store.ts';
import type { OwnersMarketData } from '../market-data/uploads/owners.ts';
import type { ResultStore } from '../results/store.ts';
import type { Blocks } from './auth/blocks.ts';
import type { Identity } from './auth/identity.ts';
import type { LimitsOf } from '../shared/limits.ts';
import type { StrategyCatalog } from './strategy-catalog.ts';
import type { Orchestrator } from './orchestrator.ts';
import type { Places } from './places.ts';

/** What the routes work with. */
export interface ApiDependencies {
  store: ResultStore;
  artifacts: ArtifactStore;
  marketData: OwnersMarketData;
  strategies: StrategyCatalog;
  orchestrator: Orchestrator;
  places: Places;
  blocks: Blocks;
  limitsOf: LimitsOf;
  /** What a worker's datasets and jobs may take. */
  workerMemoryBytes: number;
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The body may take minutes to come in. */
    takesLong?: boolean;
    /** What a request needs, where its method does not say it: GET reads, all others write. */
    access?: 'read' | 'write' | 'sign-in' | 'admin';
  }
  interface FastifyRequest {
    /** Whose runs this request may see. */
    owner: string;
    identity: Identity;
  }
}
