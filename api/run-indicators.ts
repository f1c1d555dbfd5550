import { createCheckpointStore } from '../artifacts/checkpoints.ts';
import type { ArtifactStore } from '../artifacts/store.ts';
import { indicatorsOf } from '../engine/run-simulation.ts';
import { createDatasetStore } from '../market-data/dataset-store.ts';
import type { FullRunRow } from '../results/store.ts';
import type { Bars } from '../shared/bars.ts';
import { HoldfastError } from '../shared/errors.ts';
import { unknownName } from '../strategies/check-params.ts';
import { isBuiltIn, prepareDecider } from '../strategies/catalog.ts';
import type { TimeRange } from './series-tables.ts';
import type { Table } from './stream-table.ts';

/** Bars, over all symbols, that are computed within an answer: a fifth of a second. */
const MOST_BARS = 1_000_000;

export interface IndicatorsWanted extends TimeRange {
  /** Left out: the first one. */
  symbol: string | undefined;
  /** At most so many rows; highs and lows of the close are kept. */
  points: number | undefined;
}

/**
 * The bars of one symbol, and beside each what the strategy looked at, computed anew from dataset and spec. Fails with `invalid_request` for a symbol that
 * the run does not trade and for a run that is too long, and with `not_finished` before its bars are there.
 */
export function createRunIndicators(artifacts: ArtifactStore): (run: FullRunRow, wanted: IndicatorsWanted) => Promise<Table> {
  const checkpoints = createCheckpointStore(artifacts);
  const datasets = createDatasetStore(artifacts);

  return async (run, { symbol, points, start, end }) => {
    const { data, strategy } = run.spec;
    const index = symbol === undefined ? 0 : data.symbols.indexOf(symbol);
    if (index < 0) throw new HoldfastError('invalid_request', `The symbol ${unknownName(symbol!, data.symbols)}`);
    if (run.checkpoint === null) throw new HoldfastError('not_finished', `The run ${run.id} has no bars yet. Ask again in a moment.`);
    refuseTooMany(run);
    const { dataset } = await checkpoints.read(run.checkpoint);
    const { instruments, zone } = await datasets.read(dataset);
    const bars = instruments.slice(0, data.symbols.length);
    const surroundings = { instruments: data.instruments, zone };
    // A module runs in a process of its own, and never in this one.
    const indicators = isBuiltIn(strategy.name) ? indicatorsOf(prepareDecider(strategy, bars, surroundings), index) : {};
    return tableOf(bars[index]!, indicators, { start, end, points });
  };
}

function refuseTooMany({ id, total, symbols }: FullRunRow): void {
  if (total * symbols.length <= MOST_BARS) return;
  throw new HoldfastError(
    'invalid_request',
    `The run ${id} has more than ${MOST_BARS} bars, too many to compute here. Run a part of its data with data.from and data.to.`,
  );
}

const PRICES = ['open', 'high', 'low', 'close', 'volume'] as const;

function tableOf(bars: Bars, indicators: Readonly<Record<string, Float64Array>>, range: TimeRange & { points: number | undefined }): Table {
  const rows = shownRows(bars, range);
  const picked = (column: Float64Array) => Float64Array.from(rows, (row) => column[row]!);
  const prices = PRICES.map((name) => [name, bars[name]] as const);
  const numbers = [...prices, ...Object.entries(indicators)];
  return {
    columns: [
      { name: 'time', kind: 'time', values: picked(bars.ts) },
      ...numbers.map(([name, column]) => ({ name, kind: 'number' as const, values: picked(column) })),
    ],
    rows: rows.length,
  };
}

/** The bars in the range; of more than `points` those with the first, lowest, highest and last close of each bucket. */
function shownRows({ ts, close }: Bars, { start, end, points = Infinity }: TimeRange & { points: number | undefined }): number[] {
  const rows = [...ts.keys()].filter((row) => ts[row]! >= start && ts[row]! < end);
  if (rows.length <= points) return rows;
  const size = Math.ceil(rows.length / Math.max(1, Math.floor(points / 4)));
  const kept = new Set<number>();
  for (let from = 0; from < rows.length; from += size) {
    const bucket = rows.slice(from, from + size);
    const low = bucket.reduce((best, row) => (close[row]! < close[best]! ? row : best));
    const high = bucket.reduce((best, row) => (close[row]! > close[best]! ? row : best));
    for (const row of [bucket[0]!, ...[low, high].toSorted((a, b) => a - b), bucket.at(-1)!]) kept.add(row);
  }
  return [...kept].toSorted((a, b) => a - b);
}
