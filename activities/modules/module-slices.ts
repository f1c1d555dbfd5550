import type { ConfinedProcess } from '../../module-host/confined-process.ts';
import type { ArtifactRef } from '../../shared/artifact.ts';
import type { BacktestSpec, StrategySpec } from '../../shared/spec.ts';
import type { ValidationReport } from '../../shared/validation.ts';
import type { TrialJob, TrialsDone } from '../jobs/run-trials.ts';
import type { SliceJob, SliceResult } from '../jobs/simulate-slice.ts';
import type { ValidationJob } from '../jobs/validate-trials.ts';

/** A slice as it goes to another process, which reads the dataset itself. */
interface ModuleSliceJob extends Omit<SliceJob, 'dataset' | 'control'> {
  /** Whether the dataset is too large to be loaded as a whole. */
  streamed: boolean;
}

/** The beginning of a run once more, to see whether its module looks ahead. */
export interface ModuleAuditJob {
  spec: BacktestSpec;
  datasetRef: ArtifactRef;
  checkpoint: ArtifactRef;
  /** Whether later bars are hidden; without it the run should be as it was, whatever the module looks at. */
  hidden: boolean;
}

/** What an audit found; null where there is too little to tell, or the module is another one by now. */
export type ModuleAudit = { samples: number; firstDifference: number | null } | null;

/** Trials of a module. */
interface ModuleTrialJob extends Omit<TrialJob, 'dataset' | 'control'> {
  datasetRef: ArtifactRef;
  /** Hash of the source by which it was found that they are not known: another one would put its figures under the wrong name. */
  sourceHash: string;
}

/** Judging the best trial of a module, which goes through trials again. */
interface ModuleValidationJob extends Omit<ValidationJob, 'dataset'>, Pick<ModuleTrialJob, 'datasetRef' | 'sourceHash'> {}

export type ModuleJob =
  | ({ kind: 'slice' } & ModuleSliceJob)
  | ({ kind: 'audit' } & ModuleAuditJob)
  | ({ kind: 'trials' } & ModuleTrialJob)
  | ({ kind: 'validation' } & ModuleValidationJob);

export interface ModuleSlices {
  /** Whether a strategy is a module here; a built-in one wins over a module of its name. */
  has(strategy: StrategySpec): boolean;
  /** Simulates a slice in a process of its own. Fails with `strategy_failed`, or as the process died: `module_crashed` and the like. */
  run(job: ModuleSliceJob, options: { signal: AbortSignal; progress: (done: number) => void }): Promise<SliceResult>;
  /** Simulates the beginning of a run again in a process of its own; times are milliseconds. Fails as {@link ModuleSlices.run} does. */
  audit(job: ModuleAuditJob): Promise<ModuleAudit>;
  /** Does trials of a sweep in a process of its own. Fails as {@link ModuleSlices.run} does, and with `strategy_changed`. */
  trials(job: ModuleTrialJob, options: { signal: AbortSignal; progress: (done: number) => void }): Promise<TrialsDone>;
  /** Judges the best trial of a sweep in a process of its own. Fails as {@link ModuleSlices.trials} does. */
  validate(job: ModuleValidationJob, options: { signal: AbortSignal }): Promise<ValidationReport | null>;
  /** Hash of a module's source. */
  hashOf(name: string): string;
  close(): Promise<void>;
}

export interface ModuleSlicesOptions {
  isModule: (strategy: StrategySpec) => boolean;
  hashOf: (name: string) => string;
  start: () => ConfinedProcess;
  /** How long a process waits for its next slice, in milliseconds. */
  idleMs: number;
}

interface Warm {
  process: ConfinedProcess;
  /** SHA-256 and size of the dataset that it has loaded. */
  dataset: { sha256: string; bytes: number } | null;
  /** While it is idle: ends it. */
  timer?: NodeJS.Timeout;
}

/** Keeps processes for a while after their slice: starting one and loading the bars would cost each slice a part of a second. */
export function createModuleSlices({ isModule, hashOf, start, idleMs }: ModuleSlicesOptions): ModuleSlices {
  const idle = new Set<Warm>();
  const busy = new Set<Warm>();

  /** One that has the dataset, or else any: there are never more than there were slices at once. */
  function take(sha256: string): Warm {
    const alive = [...idle].filter(({ process }) => !process.ended);
    const warm = alive.find(({ dataset }) => dataset?.sha256 === sha256) ?? alive[0] ?? { process: start(), dataset: null };
    clearTimeout(warm.timer);
    idle.delete(warm);
    busy.add(warm);
    return warm;
  }

  function giveBack(warm: Warm): void {
    busy.delete(warm);
    if (warm.process.ended) return;
    idle.add(warm);
    warm.timer = setTimeout(() => {
      idle.delete(warm);
      void warm.process.close();
    }, idleMs);
  }

  async function run(job: ModuleJob, options: Parameters<ConfinedProcess['run']>[1]): Promise<unknown> {
    const { sha256 } = job.datasetRef;
    const bytes = job.kind === 'slice' && job.streamed ? job.memoryBytes : job.datasetRef.bytes;
    const warm = take(sha256);
    // The old dataset may still be there when the new one is read.
    const dataBytes = bytes + (warm.dataset === null || warm.dataset.sha256 === sha256 ? 0 : warm.dataset.bytes);
    try {
      const result = await warm.process.run(job, { ...options, dataBytes });
      warm.dataset = { sha256, bytes };
      return result;
    } catch (error) {
      // A failed job hands no dataset on.
      warm.dataset = null;
      throw error;
    } finally {
      giveBack(warm);
    }
  }

  return {
    has: isModule,
    run: async (job, options) => (await run({ kind: 'slice', ...job }, options)) as SliceResult,
    audit: async (job) => (await run({ kind: 'audit', ...job }, {})) as ModuleAudit,
    trials: async (job, options) => (await run({ kind: 'trials', ...job }, options)) as TrialsDone,
    validate: async (job, options) => (await run({ kind: 'validation', ...job }, options)) as ValidationReport | null,
    hashOf,
    async close() {
      const all = [...idle, ...busy];
      idle.clear();
      for (const { timer } of all) clearTimeout(timer);
      await Promise.all(all.map(({ process }) => process.close()));
    },
  };
}
