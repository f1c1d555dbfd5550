import { openPositions, type RunInput, type RunState } from '../../engine/run-simulation.ts';
import type { DatasetFile } from '../../market-data/dataset-store.ts';
import type { Bars, Dataset } from '../../shared/bars.ts';
import type { TradeBlock } from '../../shared/series.ts';
import type { BacktestSpec } from '../../shared/spec.ts';
import { auditedBars } from '../../strategies/audit-look-ahead.ts';
import { createBarStretches, type BarStretches } from './bar-stretches.ts';
import type { PassageJob } from './passage.ts';
import { runInputOf } from './run-input.ts';
import type { JobStores } from './stores.ts';

type Surroundings = Pick<RunInput, 'bars' | 'account' | 'instruments' | 'zone'>;

/** What the result of a run needs of its bars. */
export interface ResultBars {
  readonly zone: Dataset['zone'];
  readonly quality: Dataset['quality'];
  /** Bars of the benchmark that were not given before, up to this time at least; none without a benchmark. */
  benchmark(until: number): Promise<readonly Bars[]>;
  /** What is still open, marked at the last closes. */
  open(state: RunState): Promise<TradeBlock>;
  /** The beginning, as far as an audit looks; perhaps more. */
  beginning(): Promise<Surroundings>;
}

export async function openResultBars({ datasets }: Pick<JobStores, 'datasets'>, job: PassageJob): Promise<ResultBars> {
  return job.dataset === null ? streamedBars(job, await datasets.open(job.datasetRef)) : wholeBars(job.spec, job.dataset);
}

function wholeBars(spec: BacktestSpec, dataset: Dataset): ResultBars {
  const input = runInputOf(spec, dataset);
  let further = dataset.instruments.filter(({ symbol }) => symbol === spec.benchmark);
  return {
    zone: dataset.zone,
    quality: dataset.quality,
    async benchmark() {
      const all = further;
      further = [];
      return all;
    },
    open: async (state) => openPositions(state, input),
    beginning: async () => input,
  };
}

function streamedBars({ spec }: PassageJob, file: DatasetFile): ResultBars {
  const traded = spec.data.symbols.length;
  const stretches = createBarStretches(file, traded);
  const surroundings = { account: spec.account, instruments: spec.data.instruments, zone: file.zone };
  return {
    zone: file.zone,
    quality: file.quality,
    benchmark: readBenchmark(file, file.symbols.indexOf(spec.benchmark ?? '')),
    async open(state) {
      const chunk = stretches.chunkOf(Math.max(0, state.of.bar - 1));
      const stretch = await stretches.load({ chunk, left: null }, chunk + 1);
      await stretches.recallEntries(stretch, state);
      return openPositions(state, { ...surroundings, ...stretch });
    },
    beginning: async () => ({ ...surroundings, bars: await beginningOf(file, stretches, traded) }),
  };
}

function readBenchmark(file: DatasetFile, place: number): ResultBars['benchmark'] {
  const { chunks } = file;
  let next = 0;
  return async (until) => {
    const parts: Bars[] = [];
    while (place >= 0 && next < chunks.length && firstTime(chunks[next]!.first) <= until) parts.push((await file.chunk(next++))[place]!);
    return parts;
  };
}

function firstTime(times: readonly (number | null)[]): number {
  return times.reduce<number>((least, time) => Math.min(least, time ?? Infinity), Infinity);
}

/** Copies that know nothing of the rest of the data. */
async function beginningOf(file: DatasetFile, stretches: BarStretches, traded: number): Promise<Bars[]> {
  const enough = auditedBars(traded);
  const rows = Array.from({ length: traded }, () => 0);
  let to = 0;
  while (to < file.chunks.length && Math.max(...rows) <= enough) {
    for (const s of rows.keys()) rows[s]! += file.chunks[to]!.rows[s]!;
    to++;
  }
  const { bars } = await stretches.load({ chunk: 0, left: null }, to);
  return bars.map((each, s) => {
    const cut = (column: Float64Array) => column.slice(0, rows[s]);
    const { extra, ts, open, high, low, close, volume } = each;
    const further = extra && { extra: Object.fromEntries(Object.entries(extra).map(([name, column]) => [name, cut(column)])) };
    return { ...each, ts: cut(ts), open: cut(open), high: cut(high), low: cut(low), close: cut(close), volume: cut(volume), ...further };
  });
}
