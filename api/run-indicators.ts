import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { createCheckpointStore } from '../artifacts/checkpoints.ts';
import type { ArtifactStore } from '../artifacts/store.ts';
import type { RunState } from '../engine/run-simulation.ts';
import { createDatasetStore } from '../market-data/dataset-store.ts';
import type { FullRunRow } from '../results/runs.ts';
import { HoldfastError } from '../shared/errors.ts';
import type { PlotBlock } from '../shared/series.ts';
import { unknownName } from '../strategies/check-params.ts';
import { indicatorsIn } from '../strategies/module-trader.ts';
import { indicatorTable, type IndicatorTableInput, type Plot } from './indicator-table.ts';
import type { RunSeries } from './run-series.ts';
import type { TimeRange } from './series-tables.ts';
import type { Table } from './stream-table.ts';

/** Bars, over all symbols, that are computed at once: a hundredth of a second. More of them go to a thread. */
const FEW_BARS = 100_000;
/** Bars that are held in memory for an answer: about 1 GB. */
const MOST_BARS = 20_000_000;

export interface IndicatorsWanted extends TimeRange {
  /** Left out: the first one. */
  symbol: string | undefined;
  /** At most so many rows; highs and lows of the close are kept. */
  points: number | undefined;
}

/**
 * The bars of one symbol, and beside each what the strategy looked at, computed anew from dataset and spec, and what it noted. Fails with
 * `invalid_request` for a symbol that the run does not trade and for a run that is too long, and with `not_finished` before its bars are there.
 */
export function createRunIndicators(
  artifacts: ArtifactStore,
  series: Pick<RunSeries, 'plots' | 'words'>,
): (run: FullRunRow, wanted: IndicatorsWanted) => Promise<Table> {
  const checkpoints = createCheckpointStore(artifacts);
  const datasets = createDatasetStore(artifacts);

  /** A short run that is done leaves no checkpoint; a module's always does. */
  async function known({ id, checkpoint, result }: FullRunRow) {
    if (checkpoint !== null) {
      const { dataset, state } = await checkpoints.read(checkpoint);
      return { dataset, declared: declaredIn(state as RunState) };
    }
    if (result?.dataset !== undefined) return { dataset: result.dataset, declared: {} };
    throw new HoldfastError('not_finished', `The run ${id} has no bars yet. Ask again in a moment.`);
  }

  return async (run, { symbol, ...range }) => {
    const { data, strategy } = run.spec;
    const index = symbol === undefined ? 0 : data.symbols.indexOf(symbol);
    if (index < 0) throw new HoldfastError('invalid_request', `The symbol ${unknownName(symbol!, data.symbols)}`);
    refuseTooMany(run);
    const { dataset, declared } = await known(run);
    const [{ instruments, zone }, noted, { plotNames = [] }] = await Promise.all([
      datasets.read(dataset),
      series.plots(run),
      series.words(run),
    ]);
    const bars = instruments.slice(0, data.symbols.length);
    const surroundings = { instruments: data.instruments, zone };
    const plots = plotsOf(noted, plotNames, index);
    const input = { strategy, bars, surroundings, symbol: index, declared, plots, range };
    return run.total * data.symbols.length > FEW_BARS ? inThread(input) : indicatorTable(input);
  };
}

function refuseTooMany({ id, total, symbols }: FullRunRow): void {
  if (total * symbols.length <= MOST_BARS) return;
  throw new HoldfastError(
    'invalid_request',
    `The run ${id} has more than ${MOST_BARS} bars, too many to compute here. Run a part of its data with data.from and data.to.`,
  );
}

function declaredIn(state: RunState): IndicatorTableInput['declared'] {
  return (state.kind === 'orders' ? indicatorsIn(state.of.memory) : null) ?? {};
}

function plotsOf({ ts, name, symbol, value }: PlotBlock, names: readonly string[], wanted: number): Plot[] {
  const rowsOf = (place: number) => [...ts.keys()].filter((row) => symbol[row] === wanted && name[row] === place);
  return names.flatMap((each, place) => {
    const rows = rowsOf(place);
    return rows.length === 0
      ? []
      : [{ name: each, ts: Float64Array.from(rows, (row) => ts[row]!), values: Float64Array.from(rows, (row) => value[row]!) }];
  });
}

/** The bars are in memory that threads share, so only the answer is handed over. */
async function inThread(input: IndicatorTableInput): Promise<Table> {
  const thread = new Worker(new URL('indicator-thread.ts', import.meta.url), { workerData: input });
  try {
    const [table] = (await once(thread, 'message')) as [Table];
    return table;
  } finally {
    void thread.terminate();
  }
}
