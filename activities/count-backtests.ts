import type { ArtifactRef } from '../shared/artifact.ts';
import type { Metrics } from '../shared/metrics.ts';
import type { BacktestSpec } from '../shared/spec.ts';
import { countedBacktest, periodsIn } from './jobs/counted-trials.ts';
import type { Ports } from './ports.ts';
import { ledgerPageOf } from './sweep-rows.ts';

/** A backtest that came to its end. */
interface Ended {
  spec: BacktestSpec;
  dataset: ArtifactRef;
  metrics: Metrics;
}

/** Of datasets with a calendar each. */
const KEPT = 500;
const periods = new Map<string, number>();

/**
 * Counts backtests as trials, before they are seen to have completed: whoever tries parameters one by one tries them all the same. Repeating it changes nothing. Of
 * one whose bars are not in memory the Sharpe ratio stays out of their variance.
 */
export async function countBacktests(
  { results, memory, modules }: Pick<Ports, 'results' | 'memory' | 'modules'>,
  owner: string,
  runs: readonly Ended[],
): Promise<void> {
  const pages = Map.groupBy(runs, ({ spec }) => JSON.stringify(ledgerPageOf({ owner, spec })));
  for (const ofPage of pages.values()) {
    const trials = [];
    for (const { spec, dataset, metrics } of ofPage) {
      const isLoaded = !modules.has(spec.strategy) && !memory.isStreamed(dataset);
      trials.push(countedBacktest(spec, metrics.sharpe, isLoaded ? await periodsOf(memory, spec, dataset) : null));
    }
    await results.countTrials(ledgerPageOf({ owner, spec: ofPage[0]!.spec }), trials);
  }
}

async function periodsOf(memory: Ports['memory'], { metrics }: BacktestSpec, ref: ArtifactRef): Promise<number> {
  if (metrics.periodsPerYear !== 'auto') return metrics.periodsPerYear;
  const known = periods.get(ref.sha256);
  if (known !== undefined) return known;
  const found = await memory.use(ref, async ({ dataset }) => periodsIn(metrics, dataset!));
  if (periods.size >= KEPT) periods.clear();
  periods.set(ref.sha256, found);
  return found;
}
