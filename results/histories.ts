import type { ArtifactRef } from '../shared/artifact.ts';
import type { RunKind } from '../shared/names.ts';

/** A run that has ended, and when. */
export interface EndedRun {
  runId: string;
  kind: RunKind;
  owner: string;
  finishedAt: number;
}

/** The intents of a result store that are about histories of workflows, kept beyond the time for which Temporal has them; each is one transaction. */
export interface HistoryStore {
  /** Runs of every owner that ended after a moment and of whose end no history was kept, first ended first. Items of batches have none of their own. */
  withoutHistory(finishedAfter: number, limit: number): Promise<EndedRun[]>;
  /** Keeps the history of an end, in place of that of an earlier end; null where Temporal has none. Nothing happens when the run is gone. */
  keepHistory(run: Pick<EndedRun, 'runId' | 'finishedAt'>, ref: ArtifactRef | null): Promise<void>;
  /** Null where none was kept, and for a run of someone else. */
  historyOf(owner: string, runId: string): Promise<ArtifactRef | null>;
}
