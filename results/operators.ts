import type { RunQuery, RunRow } from './runs.ts';

/** What an operator has forbidden: an owner to call the service, or a strategy to be run. */
export interface Block {
  kind: 'owner' | 'strategy';
  name: string;
  reason: string;
  /** The operator. */
  by: string;
  /** Milliseconds since 1970 UTC. */
  at: number;
}

/** The intents of a result store that are for operators; each is one transaction. */
export interface OperatorStore {
  /** In place of an earlier one of the same. */
  block(block: Block): Promise<void>;
  /** False where there was none. */
  unblock(kind: Block['kind'], name: string): Promise<boolean>;
  /** By kind and name. */
  listBlocks(): Promise<Block[]>;
  /** As `list`, over the runs of every owner. */
  listAll(query: Omit<RunQuery, 'symbol' | 'tag' | 'batchId'>): Promise<RunRow[]>;
  /** Whose run it is; null when there is none. An operator then acts as its owner. */
  ownerOf(id: string): Promise<string | null>;
}
