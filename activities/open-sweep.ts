import type { Projection } from '../results/runs.ts';
import type { ArtifactRef } from '../shared/artifact.ts';
import { isTerminal } from '../shared/names.ts';
import type { BacktestSpec } from '../shared/spec.ts';
import { backtestOf } from '../shared/sweep-spec.ts';
import type { Ports } from './ports.ts';
import { sweepOf } from './sweep-rows.ts';

export interface OpenSweepInput {
  sweepId: string;
  /** The bars that it began with; null at the first start. */
  dataset: ArtifactRef | null;
  /** The row's first change. */
  opened: Projection;
}

export interface OpenedSweep {
  /** It has ended, and there is nothing to do. */
  isOver: boolean;
  /** Null: the bars of `fetch` are to be fetched. */
  dataset: ArtifactRef | null;
  fetch: BacktestSpec | null;
}

/** Shows a sweep as running, and looks whether its bars are there already. */
export function openSweep(ports: Ports) {
  return async ({ sweepId, dataset, opened }: OpenSweepInput): Promise<OpenedSweep> => {
    const { status, owner, spec } = await sweepOf(ports, sweepId);
    // A workflow that is started again after an extension may find that another one has done it. One that was reset opens the row.
    if (isTerminal(status) && !opened.reset) return { isOver: true, dataset, fetch: null };
    await ports.results.project(opened);
    if (dataset !== null) return { isOver: false, dataset, fetch: null };
    const cached = await ports.marketData.of(owner).cached(spec);
    return { isOver: false, dataset: cached, fetch: cached === null ? backtestOf(spec) : null };
  };
}
