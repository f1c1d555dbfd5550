import type { LedgerPage } from '../results/ledger.ts';
import type { FullRunRow } from '../results/runs.ts';
import type { ArtifactRef } from '../shared/artifact.ts';
import { HoldfastError } from '../shared/errors.ts';
import type { BacktestSpec } from '../shared/spec.ts';
import type { SweepSpec } from '../shared/sweep-spec.ts';
import { planOf } from '../strategies/sweep/plan.ts';
import { familyOf } from './jobs/trial-family.ts';
import type { Ports } from './ports.ts';

/** The row of a sweep as it is now. */
export async function sweepOf({ results }: Pick<Ports, 'results'>, id: string): Promise<FullRunRow<'sweep'>> {
  const found = await results.lookAtSweep(id);
  if (found === null) throw new HoldfastError('not_found', `The sweep ${id} was deleted.`);
  return found.sweep;
}

/** Where a backtest or the trials of a sweep are counted, with all others that compete with them. */
export function ledgerPageOf({
  owner,
  spec: { strategy, data },
}: {
  owner: string;
  spec: Pick<BacktestSpec, 'strategy' | 'data'>;
}): LedgerPage {
  return { owner, strategy: strategy.name, source: data.source, symbols: data.symbols };
}

/** What the figures of a sweep's trials follow from beside their parameters, by its name and by the hash of its strategy as it is now. */
export function originOf(
  { sweeps: { strategyHash: hashOf, engineVersion } }: Pick<Ports, 'sweeps'>,
  spec: SweepSpec,
  dataset: ArtifactRef,
): { family: string; strategyHash: string } {
  const strategyHash = hashOf(spec.strategy);
  const { figures } = planOf(spec);
  return { strategyHash, family: familyOf({ spec, dataset: dataset.sha256, strategyHash, engineVersion, figures }) };
}
