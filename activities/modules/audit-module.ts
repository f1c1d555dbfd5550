import type { ChunkStore } from '../../artifacts/chunks.ts';
import type { Checkpoint, CheckpointStore } from '../../artifacts/checkpoints.ts';
import type { RunState } from '../../engine/run-simulation.ts';
import type { Bars, Dataset } from '../../shared/bars.ts';
import { type LoadedModule, sourceHashIn, type createModuleTrader } from '../../strategies/module-trader.ts';
import { firstOtherwise, planStages, wholeStage } from '../../strategies/replay.ts';
import { auditBudget } from '../jobs/audit-budget.ts';
import { runInputOf } from '../jobs/run-input.ts';
import type { ModuleAudit, ModuleAuditJob } from './module-slices.ts';

/** Little beside what it takes to start a thread and load a module. */
const LEAST_SECONDS = 0.05;

interface AuditStores {
  checkpoints: Pick<CheckpointStore, 'read'>;
  chunks: Pick<ChunkStore, 'chain'>;
  /** Loads the module, which runs its code. */
  load: () => Promise<LoadedModule & { trader: (bars: readonly Bars[]) => ReturnType<typeof createModuleTrader> }>;
}

/**
 * Simulates the beginning of a run again, on data that end at sampled bars, and compares with what it did. Only the first slice is compared with, because
 * its thread was as fresh as this one. Whatever the module keeps from its first bar on, it can only be of data that it may know by then.
 */
export async function auditModule(
  stores: AuditStores,
  { spec, checkpoint: ref, hidden }: ModuleAuditJob,
  dataset: Dataset,
): Promise<ModuleAudit> {
  const checkpoint = await stores.checkpoints.read(ref);
  const first = await firstOf(stores.chunks.chain(checkpoint.chunk));
  if (first === null) return null;
  const input = runInputOf(spec, dataset);
  const budget = auditBudget(checkpoint, LEAST_SECONDS);
  const planned = planStages({ bars: input.bars, recorded: first.curve.ts.length, budget, seed: spec.seed });
  const stages = hidden ? planned : wholeStage(input.bars, planned);
  const { sourceHash, trader } = await stores.load();
  if (sourceHash !== sourceOf(checkpoint)) return null;
  const bar = firstOtherwise({ ...input, stages, trader, recorded: first, seed: spec.seed });
  const { firstDecision } = trader([]);
  const samples = stages.filter(({ until }) => until > firstDecision).length;
  if (bar === null && samples === 0) return null;
  return { samples, firstDifference: bar === null ? null : first.curve.ts[bar]! };
}

async function firstOf<Item>(items: AsyncIterable<Item>): Promise<Item | null> {
  for await (const item of items) return item;
  return null;
}

function sourceOf({ state }: Checkpoint): string | null {
  const { kind, of } = state as RunState;
  return kind === 'orders' ? sourceHashIn(of.memory) : null;
}
